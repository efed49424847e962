using Microsoft.OpenApi;

namespace Serverless.Api.OpenApi;

/// <summary>The schemas of answers that refuse. They are written by <see cref="Http.ApiResults"/>, and no record stands for them.</summary>
internal static class RefusalSchemas
{
    private const string Refusal = "Error";
    private const string Invalid = "HTTPValidationError";
    private const string Item = "ValidationError";

    /// <summary>The reference to the schema of a status.</summary>
    public static OpenApiSchemaReference For(int status, OpenApiDocument document) => new(status == 422 ? Invalid : Refusal, document);

    /// <summary>Adds them.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(Refusal, RefusalSchema());
        document.AddComponent(Invalid, InvalidSchema(document));
        document.AddComponent(Item, ItemSchema());
    }

    private static OpenApiSchema RefusalSchema() =>
        new()
        {
            Description = "Why a request was refused, or why it failed: a sentence, in one of two members.",
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["detail"] = Text("What stands against the request."),
                ["exception_message"] = Text("The same of failures, and of some operations in the place of detail."),
            },
        };

    private static OpenApiSchema InvalidSchema(OpenApiDocument document) =>
        new()
        {
            Description = "What is wrong with a request: everything that was found, or a sentence.",
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["detail"] = new OpenApiSchema
                {
                    AnyOf = [Errors(document), Text("A sentence, where the form of the request is right but what it says cannot be.")],
                },
                ["exception_message"] = Text("That the request is invalid."),
                ["exception_detail"] = Errors(document),
                ["request_body"] = new OpenApiSchema { Description = "The body that was sent; null if it was large, or no JSON." },
            },
        };

    private static OpenApiSchema Errors(OpenApiDocument document) =>
        new() { Type = JsonSchemaType.Array, Items = new OpenApiSchemaReference(Item, document) };

    private static OpenApiSchema ItemSchema() =>
        new()
        {
            Description = "One thing that is wrong with a request, in the words of pydantic.",
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "loc", "msg", "type" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["loc"] = new OpenApiSchema
                {
                    Description = "Where: body, query or path, then names and indexes.",
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema
                    {
                        AnyOf = [new OpenApiSchema { Type = JsonSchemaType.String }, new OpenApiSchema { Type = JsonSchemaType.Integer }],
                    },
                },
                ["msg"] = Text("What is wrong, for people."),
                ["type"] = Text("What kind of error it is."),
                ["input"] = new OpenApiSchema { Description = "The value that is wrong." },
                ["ctx"] = new OpenApiSchema { Description = "What the message was made of.", Type = JsonSchemaType.Object },
            },
        };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
