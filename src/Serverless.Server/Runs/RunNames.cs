namespace Serverless.Server.Runs;

/// <summary>Names for runs whose creator gave none: an adjective and an animal, picked by the run's id.</summary>
internal static class RunNames
{
    private static readonly string[] Adjectives =
    [
        "able", "agile", "airy", "amber", "ample", "apt", "azure", "bold", "brave", "breezy", "bright", "brisk", "calm", "candid",
        "cheery", "clever", "cosy", "crisp", "curious", "daring", "deft", "eager", "early", "earnest", "fair", "fleet", "fond",
        "frank", "fresh", "gentle", "glad", "golden", "grand", "handy", "happy", "hardy", "hazel", "humble", "jolly", "keen",
        "kind", "lively", "loyal", "lucid", "lucky", "mellow", "merry", "mighty", "mild", "modest", "neat", "nimble", "noble",
        "patient", "placid", "polite", "proud", "quick", "quiet", "rapid", "rosy", "ruby", "sage", "serene", "sharp", "shiny",
        "silent", "silver", "sleek", "smart", "snug", "solid", "sound", "spry", "stable", "steady", "sturdy", "sunny", "swift",
        "tidy", "trusty", "vivid", "warm", "wise", "witty", "zesty",
    ];

    private static readonly string[] Animals =
    [
        "albatross", "alpaca", "ant", "badger", "bat", "beaver", "bee", "bison", "boar", "buffalo", "camel", "caribou", "cat",
        "chamois", "cheetah", "cicada", "condor", "cormorant", "crab", "crane", "cricket", "crow", "deer", "dingo", "dolphin",
        "donkey", "dove", "duck", "eagle", "egret", "eland", "elk", "emu", "falcon", "ferret", "finch", "fox", "frog", "gazelle",
        "gecko", "gibbon", "goat", "goose", "grouse", "gull", "hamster", "hare", "hawk", "hedgehog", "heron", "horse", "ibex",
        "ibis", "jackal", "jay", "kestrel", "kiwi", "koala", "lark", "lemur", "lion", "llama", "lobster", "lynx", "macaw",
        "magpie", "marmot", "marten", "mole", "moose", "moth", "mouse", "newt", "ocelot", "okapi", "oriole", "oryx", "osprey",
        "ostrich", "otter", "owl", "panda", "parrot", "pelican", "penguin", "pigeon", "puffin", "quail", "rabbit", "raven",
        "robin", "salmon", "seal", "shrew", "sparrow", "squid", "stork", "swallow", "swan", "tapir", "tern", "thrush", "tiger",
        "toad", "turtle", "viper", "vole", "walrus", "weasel", "whale", "wolf", "wombat", "wren", "yak", "zebra",
    ];

    public static string For(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = id.TryWriteBytes(bytes);

        // The last bytes of a version 7 or 8 id are random or hashed.
        uint pick = BitConverter.ToUInt32(bytes[12..]);
        return $"{Adjectives[pick % (uint)Adjectives.Length]}-{Animals[pick / (uint)Adjectives.Length % (uint)Animals.Length]}";
    }
}
