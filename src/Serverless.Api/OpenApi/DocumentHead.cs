using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Serverless.Api.Security;

namespace Serverless.Api.OpenApi;

/// <summary>What stands around the operations: where they are, and what requests must show.</summary>
internal sealed partial class DocumentHead : IOpenApiDocumentTransformer
{
    private const string Api = "/api";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Serverless",
            Version = RootApi.ApiVersion,
            Description =
                "A workflow orchestrator with the REST API of Prefect 3. A path may end with or without a slash. A request may send "
                + "null in the place of a member that has a default.",
        };
        document.Servers = [new OpenApiServer { Url = Api }];
        RefusalSchemas.AddTo(document);
        document.Paths = Paths(document.Paths, context.ApplicationServices.GetRequiredService<EndpointDataSource>());
        AddSecurity(document, context.ApplicationServices.GetRequiredService<ApiCredentials>());
        return Task.CompletedTask;
    }

    /// <summary>The paths below the server's, spelled as their routes are: the generator drops the slash at the end.</summary>
    private static OpenApiPaths Paths(OpenApiPaths generated, EndpointDataSource endpoints)
    {
        var routes = endpoints
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<OperationMark>() is not null)
            .ToDictionary(
                endpoint => endpoint.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName,
                endpoint => endpoint.RoutePattern.RawText!
            );
        OpenApiPaths paths = [];
        foreach (var item in generated.Values)
        {
            var route = Parameter()
                .Replace(
                    routes[item.Operations!.Values.First().OperationId!],
                    match => $"{{{JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups["name"].Value)}}}"
                );
            var name = item.Operations!.Values.First().OperationId!;
            var path = route;
            if (route.StartsWith(Api, StringComparison.Ordinal))
            {
                path = route[Api.Length..];
            }
            else
            {
                ((OpenApiPathItem)item).Servers = [new OpenApiServer { Url = "/" }];
            }

            // A group's own path has a slash at the end, whatever was asked for; the name says what was meant.
            path = path.EndsWith('/') && !name.Contains($"{Words(path)}_", StringComparison.Ordinal) ? path[..^1] : path;
            paths.Add(path, item);
            foreach ((var method, var operation) in item.Operations)
            {
                operation.Summary = Summary(operation.OperationId!, path, method.Method);
            }
        }

        return paths;
    }

    private static string Words(string path) => NoWord().Replace(path, "_");

    /// <summary>What a name says before the path and the method, which follow there as in the names of Prefect's operations.</summary>
    private static string Summary(string name, string path, string method)
    {
        var end = $"{Words(path)}_{method.ToLowerInvariant()}";
        var words = name.EndsWith(end, StringComparison.Ordinal) ? name[..^end.Length] : name;
        return $"{char.ToUpperInvariant(words[0])}{words[1..].Replace('_', ' ')}";
    }

    private static void AddSecurity(OpenApiDocument document, ApiCredentials credentials)
    {
        if (credentials.HasAuth)
        {
            Add("basic", "User and password: the setting ApiAuth.");
        }

        if (credentials.HasKey)
        {
            Add("bearer", "The API key: the setting ApiKey.");
        }

        void Add(string scheme, string description)
        {
            document.AddComponent(
                scheme,
                new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = scheme,
                    Description = description,
                }
            );
            document.Security ??= [];
            document.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] });
        }
    }

    [GeneratedRegex(@"\W", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoWord();

    [GeneratedRegex(@"\{(?<name>\w+)(:\w+)?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
