using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Models;

/// <summary>A node of a graph under its id; a list of both on the wire.</summary>
/// <param name="Id">The node's id.</param>
/// <param name="Node">The node.</param>
[JsonConverter(typeof(GraphEntryConverter))]
public sealed record GraphEntry(Guid Id, GraphNode Node);
