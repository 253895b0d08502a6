// The chart code of the report pages, as the app uses it.
export { drawFigure } from "../../Occam.Lab/Reports/Page/figure.js";
export { addRawData } from "../../Occam.Lab/Reports/Page/data.js";
