using System.ComponentModel.DataAnnotations;
using Serverless.Server.Settings;

namespace Serverless.Server.Queries;

/// <summary>How much a request that only reads may read on a store without columns.</summary>
public sealed class QueryOptions
{
    /// <summary>The most pages of lists and single runs; 1,000 unless set. A page has up to 1,000 rows.</summary>
    [Setting("MaxQueryReads", "a number of reads above 0")]
    [Range(1, int.MaxValue)]
    public int MaxReads { get; set; } = 1000;

    /// <summary>The longest that it reads, in seconds; 30 unless set. (Prefect's client waits for a minute.)</summary>
    [Setting("MaxQuerySeconds", "a number of seconds from 1 to 200")]
    [Range(1, 200)]
    public int MaxSeconds { get; set; } = 30;
}
