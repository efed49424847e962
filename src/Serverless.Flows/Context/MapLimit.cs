namespace Serverless.Flows;

/// <summary>How many items a map takes.</summary>
public static class MapLimit
{
    /// <summary>The most items of one map: a flow holds a call, a future and an outcome for each until the map is done.</summary>
    public const int Items = 200_000;
}
