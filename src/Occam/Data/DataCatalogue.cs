namespace Occam.Data;

/// <summary>The data sets that have a name.</summary>
public static class DataCatalogue
{
    /// <summary>The name of the set that is drawn, not read: see <see cref="Glyphs"/>.</summary>
    public const string GlyphsName = "glyphs";

    private static readonly string[] MnistSites =
    [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    ];

    private static readonly string[] FashionMnistSites = ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"];

    /// <summary>The sets whose files are on public sites.</summary>
    public static IReadOnlyList<KnownDataSet> Known { get; } =
    [
        new()
        {
            Name = "mnist",
            Title = "MNIST handwritten digits, 28×28 grey (LeCun, Cortes, Burges)",
            Folders = ["mnist", "MNIST/raw", "MNIST"],
            TrainingFiles =
            [
                new("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
                new("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            ],
            TestFiles =
            [
                new("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                new("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
            ],
            TrainingCount = 60_000,
            TestCount = 10_000,
            Normalization = new([0.1307], [0.3081]),
            Downloads =
            [
                new("train-images-idx3-ubyte.gz", MnistSites, 9_912_422,
                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                new("train-labels-idx1-ubyte.gz", MnistSites, 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                new("t10k-images-idx3-ubyte.gz", MnistSites, 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                new("t10k-labels-idx1-ubyte.gz", MnistSites, 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
            ],
        },
        new()
        {
            Name = "fashion-mnist",
            Title = "Fashion-MNIST articles of clothing, 28×28 grey (Xiao, Rasul, Vollgraf 2017)",
            Folders = ["fashion-mnist", "FashionMNIST/raw", "FashionMNIST"],
            TrainingFiles =
            [
                new("train-images-idx3-ubyte", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
                new("train-labels-idx1-ubyte", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            ],
            TestFiles =
            [
                new("t10k-images-idx3-ubyte", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
                new("t10k-labels-idx1-ubyte", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
            ],
            TrainingCount = 60_000,
            TestCount = 10_000,
            Normalization = new([0.2860], [0.3530]),
            Downloads =
            [
                new("train-images-idx3-ubyte.gz", FashionMnistSites, 26_421_880,
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                new("train-labels-idx1-ubyte.gz", FashionMnistSites, 29_515,
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                new("t10k-images-idx3-ubyte.gz", FashionMnistSites, 4_422_102,
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                new("t10k-labels-idx1-ubyte.gz", FashionMnistSites, 5_148,
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
            ],
        },
        new()
        {
            Name = "cifar10",
            Title = "CIFAR-10 photographs, 32×32 colour (Krizhevsky 2009)",
            Folders = ["cifar-10-batches-bin", "cifar10", "."],
            TrainingFiles =
            [
                new("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                new("data_batch_2.bin", null),
                new("data_batch_3.bin", null),
                new("data_batch_4.bin", null),
                new("data_batch_5.bin", null),
            ],
            TestFiles = [new("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")],
            TrainingCount = 50_000,
            TestCount = 10_000,
            Normalization = new([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
            // The checksum is of the archive whose MD5 the author's page gives as c32a1d4ab5d03f1284b67883e8d87530.
            Downloads =
            [
                new("cifar-10-binary.tar.gz", [
                    "https://www.cs.toronto.edu/~kriz/",
                ], 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", IsArchive: true),
            ],
            IsCifar = true,
        },
    ];

    /// <summary>What <see cref="DataSource.Open"/> takes beside paths of files: <c>mnist:train</c> and the like.</summary>
    public static IReadOnlyList<string> Specifications { get; } =
        [.. Known.Select(set => set.Name).Append(GlyphsName).SelectMany(name => new[] { name + ":train", name + ":test" })];

    /// <summary>The named set; <c>cifar-10</c> and <c>FashionMNIST</c> are understood as well.</summary>
    /// <exception cref="OccamException">There is none of that name.</exception>
    public static KnownDataSet Find(string name) => FindOrNull(name)
        ?? throw new OccamException(
            $"there is no data set named '{Message.Clean(name)}' to be fetched or verified"
                + $"{Nearest.Hint(name, Known.Select(set => set.Name))} There are {string.Join(", ", Known.Select(set => set.Name))}");

    internal static KnownDataSet? FindOrNull(string name) => Known.FirstOrDefault(set => Bare(set.Name) == Bare(name));

    private static string Bare(string name) => name.ToLowerInvariant().Replace("-", "").Replace("_", "");
}
