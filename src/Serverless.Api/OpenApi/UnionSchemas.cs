using Microsoft.OpenApi;
using Serverless.Core.Models;

namespace Serverless.Api.OpenApi;

/// <summary>
/// The schemas of what has one of several forms and is checked by hand: schedules, which are kept as JSON, and the inputs of task runs.
/// </summary>
internal static class UnionSchemas
{
    private const string InputType = "input_type";

    /// <summary>A schedule: see <see cref="Bodies.ScheduleBodies"/>.</summary>
    public static IList<IOpenApiSchema> Schedules(OpenApiDocument document) =>
        References(document, "IntervalSchedule", "CronSchedule", "RRuleSchedule");

    /// <summary>An item of <c>task_inputs</c>: see <see cref="Bodies.TaskInputCheck"/>.</summary>
    public static IList<IOpenApiSchema> TaskInputs(OpenApiDocument document) =>
        References(document, "TaskRunResult", "FlowRunResult", "Parameter", "Constant");

    /// <summary>Adds the forms.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(
            "IntervalSchedule",
            Closed(
                "Every so many seconds.",
                ("interval", Of(JsonSchemaType.Number, "Seconds between two times.")),
                ("anchor_date", Time("One of the times; that of the request unless given.")),
                ("timezone", Zone())
            )
        );
        document.AddComponent(
            "CronSchedule",
            Closed(
                "A cron expression.",
                ("cron", Of(JsonSchemaType.String, "The expression.")),
                ("timezone", Zone()),
                ("day_or", Flag("Whether either of two days is enough, the day of the month and that of the week."))
            )
        );
        document.AddComponent(
            "RRuleSchedule",
            Closed("Recurrence rules of iCalendar.", ("rrule", Of(JsonSchemaType.String, "The rules.")), ("timezone", Zone("UTC")))
        );
        document.AddComponent("TaskRunResult", Input(TaskRunInput.TaskRunResult, "id", Id("The task run whose result it is.")));
        document.AddComponent("FlowRunResult", Input(TaskRunInput.FlowRunResult, "id", Id("The flow run whose result it is.")));
        document.AddComponent("Parameter", Input(TaskRunInput.Parameter, "name", Of(JsonSchemaType.String, "The flow's parameter.")));
        document.AddComponent("Constant", Input(TaskRunInput.Constant, "type", Of(JsonSchemaType.String, "The value's type.")));
    }

    private static IList<IOpenApiSchema> References(OpenApiDocument document, params IEnumerable<string> names) =>
        [.. names.Select(name => new OpenApiSchemaReference(name, document))];

    private static OpenApiSchema Closed(string description, params (string Name, OpenApiSchema Schema)[] members) =>
        new()
        {
            Description = description,
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
            Required = new HashSet<string> { members[0].Name },
            Properties = members.ToDictionary(member => member.Name, IOpenApiSchema (member) => member.Schema),
        };

    private static OpenApiSchema Input(string kind, string name, OpenApiSchema value) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { name },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                [InputType] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Const = kind,
                    Default = kind,
                },
                [name] = value,
            },
        };

    private static OpenApiSchema Of(JsonSchemaType type, string description) => new() { Type = type, Description = description };

    private static OpenApiSchema Id(string description) =>
        new()
        {
            Type = JsonSchemaType.String,
            Format = "uuid",
            Description = description,
        };

    private static OpenApiSchema Time(string description) =>
        new()
        {
            Type = JsonSchemaType.String,
            Format = "date-time",
            Description = description,
        };

    private static OpenApiSchema Flag(string description) =>
        new()
        {
            Type = JsonSchemaType.Boolean,
            Default = true,
            Description = description,
        };

    private static OpenApiSchema Zone(string? name = null) =>
        new()
        {
            Type = JsonSchemaType.String | JsonSchemaType.Null,
            Default = name,
            Description = "A time zone by its IANA name; null for UTC.",
        };
}
