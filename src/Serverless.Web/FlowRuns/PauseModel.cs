using Serverless.Web.Forms;

namespace Serverless.Web.FlowRuns;

/// <summary>What a paused run asks of a person.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Description">The question, in Markdown; null for none.</param>
/// <param name="Form">The fields of the answer.</param>
public sealed record PauseModel(Guid RunId, string? Description, SchemaFormModel Form);
