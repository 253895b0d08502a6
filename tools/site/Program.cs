using Occam.Site;
using Occam.Site.Checks;

// write REPOSITORY FOLDER [RUNS]: the pages of the site as docfx reads them; with the charts of figures that lie in RUNS.
// check FOLDER: the built site, for links that lead nowhere.
switch (args)
{
    case ["write", var repository, var folder, .. var runs]:
        SiteSource.Write(repository, folder, runs.FirstOrDefault());
        return 0;
    case ["check", var site]:
        string[] dead = [.. SiteLinks.Dead(site)];
        foreach (var link in dead)
        {
            Console.Error.WriteLine(link);
        }

        Console.WriteLine(dead.Length == 0 ? "no link of the site is dead" : $"{dead.Length} links of the site lead nowhere");
        return dead.Length == 0 ? 0 : 1;
    default:
        Console.Error.WriteLine("expected write REPOSITORY FOLDER [RUNS], or check FOLDER");
        return 2;
}
