namespace Occam.Lab.Experiments.Contract;

/// <summary>The papers whose figures are computed again: authors and year.</summary>
internal static class Papers
{
    public const string Cohen2021 = "Cohen, Kaur, Li, Kolter, Talwalkar 2021";
    public const string Dherin2021 = "Dherin, Munn, Barrett 2021";
    public const string Dherin2022 = "Dherin, Munn, Rosca, Barrett 2022";
    public const string Garg2024 = "Garg, Ravikumar, Roy 2024";
    public const string Humayun2024 = "Humayun, Balestriero, Baraniuk 2024";
    public const string Loukas2021 = "Loukas, Poiitis, Jegelka 2021";
    public const string Neyshabur2017 = "Neyshabur, Bhojanapalli, McAllester, Srebro 2017";
    public const string Papyan2020 = "Papyan, Han, Donoho 2020";
}
