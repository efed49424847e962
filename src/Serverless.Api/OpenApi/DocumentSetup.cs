using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Api.OpenApi;

/// <summary>
/// Registers the OpenAPI document of the operations. Nothing is generated before somebody asks for it, and then once: see
/// <see cref="ApiDocument"/>.
/// </summary>
internal static class DocumentSetup
{
    /// <summary>The key of the document among the services.</summary>
    public const string Name = "api";

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<ApiDocument>();

        // The generator describes what these options would write. No answer is written with them: endpoints name their serialisers.
        services.ConfigureHttpJsonOptions(json => DocumentJson.Configure(json.SerializerOptions));
        services.AddOpenApi(
            Name,
            options =>
            {
                options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<OperationMark>().Any();
                options.CreateSchemaReferenceId = SchemaNames.Of;
                options.AddSchemaTransformer<TypeShapes>();
                options.AddOperationTransformer<OperationDetails>();
                options.AddDocumentTransformer<MemberDetails>();
                options.AddDocumentTransformer<DocumentHead>();
            }
        );
    }
}
