using System.Buffers;
using System.Text.Json;
using Serverless.Flows.Binding;
using Serverless.Flows.Calls;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>Writes artifacts of a flow run: what a run has to show. Artifacts with one key are versions of one thing.</summary>
public sealed class FlowArtifacts
{
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly BodySteps _steps;

    internal FlowArtifacts(BodySteps steps) => _steps = steps;

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
            BoundedJson.Write(rows, FlowJson.Shown.GetTypeInfo(typeof(IEnumerable<T>)), () => WhatOf(key)),
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
        return CreateAsync("markdown", markdown, key, description);
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
        return CreateAsync("markdown", $"[{text ?? link.OriginalString}]({link.OriginalString})", key, description);
    }

    private static string WhatOf(string? key) => key is null ? "The data of an artifact" : $"The data of artifact '{key}'";

    private Task<Guid> CreateAsync(string type, string data, string? key, string? description)
    {
        if (key is not null && (key.Length == 0 || key.AsSpan().ContainsAnyExcept(KeyCharacters)))
        {
            throw new ArgumentException($"The artifact key '{key}' may have only lower-case letters, digits and dashes.", nameof(key));
        }

        var json = JsonSerializer.Serialize(data, FlowJson.Shown);
        BoundedJson.Check(json, () => WhatOf(key));
        BoundedJson.Check(description ?? "", () => "The description of " + (key is null ? "an artifact" : $"artifact '{key}'"));
        return _steps.Wait(_steps.Engine.CreateArtifactAsync(new ArtifactRequest(type, key, json, description)));
    }
}
