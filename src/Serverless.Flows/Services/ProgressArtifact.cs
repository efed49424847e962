using System.Text.Json;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>An artifact that shows how far some work is. Prefect's progress artifact.</summary>
public sealed class ProgressArtifact
{
    private readonly IRunServices _services;

    internal ProgressArtifact(IRunServices services, Guid id)
    {
        _services = services;
        Id = id;
    }

    /// <summary>The artifact's id.</summary>
    public Guid Id { get; }

    /// <summary>Shows how far the work is now. It does nothing if somebody has deleted the artifact.</summary>
    /// <param name="percent">How far it is, from 0 to 100.</param>
    /// <returns>A task that is done when it is stored.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The percentage is not from 0 to 100.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task UpdateAsync(double percent) =>
        _services.UpdateArtifactAsync(new ArtifactChange(Id, DataOf(percent)), CancellationToken.None);

    internal static string DataOf(double percent) =>
        percent is >= 0 and <= 100
            ? JsonSerializer.Serialize(percent, FlowJson.Shown)
            : throw new ArgumentOutOfRangeException(nameof(percent), percent, "A progress is from 0 to 100 percent.");
}
