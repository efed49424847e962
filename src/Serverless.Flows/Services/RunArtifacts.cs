using System.Buffers;
using System.Text.Json;
using Serverless.Flows.Binding;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>
/// Writes artifacts of a flow or task run: what a run has to show. Artifacts with one key are versions of one thing. In a flow they are
/// written once, however often the body is run again; the code of a task that is repeated after a crash writes them again.
/// </summary>
public sealed class RunArtifacts
{
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly IRunServices _services;

    internal RunArtifacts(IRunServices services) => _services = services;

    /// <summary>Writes a table.</summary>
    /// <typeparam name="T">A row: an object whose properties are the columns.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <param name="key">Lower-case letters, digits and dashes; null for an artifact without key.</param>
    /// <param name="description">Markdown shown with it; null for none.</param>
    /// <returns>The artifact's id.</returns>
    /// <exception cref="ArgumentException">The key has other characters.</exception>
    /// <exception cref="PayloadLimitException">
    /// The data or the description is larger than <see cref="PayloadLimitException.MaxCharacters"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<Guid> CreateTableArtifactAsync<T>(IEnumerable<T> rows, string? key = null, string? description = null) =>
        CreateAsync(
            "table",
            JsonSerializer.Serialize(
                BoundedJson.Write(rows, FlowJson.Shown.GetTypeInfo(typeof(IEnumerable<T>)), () => WhatOf(key)),
                FlowJson.Shown
            ),
            key,
            description
        );

    /// <summary>Writes a text.</summary>
    /// <param name="markdown">The text.</param>
    /// <param name="key">Lower-case letters, digits and dashes; null for an artifact without key.</param>
    /// <param name="description">Markdown shown with it; null for none.</param>
    /// <returns>The artifact's id.</returns>
    /// <exception cref="ArgumentException">The key has other characters.</exception>
    /// <exception cref="PayloadLimitException">
    /// The data or the description is larger than <see cref="PayloadLimitException.MaxCharacters"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<Guid> CreateMarkdownArtifactAsync(string markdown, string? key = null, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        return CreateAsync("markdown", JsonSerializer.Serialize(markdown, FlowJson.Shown), key, description);
    }

    /// <summary>Writes a link. Prefect keeps links as Markdown.</summary>
    /// <param name="link">Where it leads.</param>
    /// <param name="text">What it says; null for the link itself.</param>
    /// <param name="key">Lower-case letters, digits and dashes; null for an artifact without key.</param>
    /// <param name="description">Markdown shown with it; null for none.</param>
    /// <returns>The artifact's id.</returns>
    /// <exception cref="ArgumentException">The key has other characters.</exception>
    /// <exception cref="PayloadLimitException">
    /// The data or the description is larger than <see cref="PayloadLimitException.MaxCharacters"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<Guid> CreateLinkArtifactAsync(Uri link, string? text = null, string? key = null, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(link);
        var markdown = $"[{text ?? link.OriginalString}]({link.OriginalString})";
        return CreateAsync("markdown", JsonSerializer.Serialize(markdown, FlowJson.Shown), key, description);
    }

    /// <summary>Shows an image that can be read at a public address.</summary>
    /// <param name="image">Where the image is: an absolute address.</param>
    /// <param name="key">Lower-case letters, digits and dashes; null for an artifact without key.</param>
    /// <param name="description">Markdown shown with it; null for none.</param>
    /// <returns>The artifact's id.</returns>
    /// <exception cref="ArgumentException">The key has other characters, or the address is relative.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<Guid> CreateImageArtifactAsync(Uri image, string? key = null, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.IsAbsoluteUri
            ? CreateAsync("image", JsonSerializer.Serialize(image.OriginalString, FlowJson.Shown), key, description)
            : throw new ArgumentException($"The address '{image}' of an image must be absolute.", nameof(image));
    }

    /// <summary>Shows how far some work is. <see cref="ProgressArtifact.UpdateAsync"/> moves it on.</summary>
    /// <param name="percent">How far it is, from 0 to 100.</param>
    /// <param name="key">Lower-case letters, digits and dashes; null for an artifact without key.</param>
    /// <param name="description">Markdown shown with it; null for none.</param>
    /// <returns>The artifact.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The percentage is not from 0 to 100.</exception>
    /// <exception cref="ArgumentException">The key has other characters.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public async Task<ProgressArtifact> CreateProgressArtifactAsync(double percent = 0, string? key = null, string? description = null) =>
        new(_services, await CreateAsync("progress", ProgressArtifact.DataOf(percent), key, description));

    private static string WhatOf(string? key) => key is null ? "The data of an artifact" : $"The data of artifact '{key}'";

    private Task<Guid> CreateAsync(string type, string json, string? key, string? description)
    {
        if (key is not null && (key.Length == 0 || key.AsSpan().ContainsAnyExcept(KeyCharacters)))
        {
            throw new ArgumentException($"The artifact key '{key}' may have only lower-case letters, digits and dashes.", nameof(key));
        }

        BoundedJson.Check(json, () => WhatOf(key));
        BoundedJson.Check(description ?? "", () => "The description of " + (key is null ? "an artifact" : $"artifact '{key}'"));
        return _services.CreateArtifactAsync(new ArtifactRequest(type, key, json, description), CancellationToken.None);
    }
}
