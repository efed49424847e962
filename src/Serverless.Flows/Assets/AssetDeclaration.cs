using System.Reflection;
using Serverless.Core.Models;
using Serverless.Core.Validation;
using Serverless.Flows.Binding;

namespace Serverless.Flows.Assets;

/// <summary>An asset that a task declares to make.</summary>
internal sealed class AssetDeclaration
{
    private readonly MaterializeAttribute _settings;
    private readonly RunNameTemplate? _template;

    private AssetDeclaration(MaterializeAttribute settings, RunNameTemplate? template)
    {
        _settings = settings;
        _template = template;
    }

    /// <summary>The key, when it is the same in each run; otherwise null.</summary>
    internal string? FixedKey => _template is null ? _settings.Key : null;

    /// <summary>Reads what a task declares.</summary>
    /// <param name="method">The task.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="dependencies">The keys of the assets that it depends on.</param>
    /// <param name="declarations">What it makes.</param>
    /// <returns>What is wrong with it; nothing if all is well.</returns>
    internal static List<string> Read(
        MethodInfo method,
        IReadOnlyList<CallableParameter> parameters,
        IReadOnlyList<string> dependencies,
        out IReadOnlyList<AssetDeclaration> declarations
    )
    {
        List<string> problems = [];
        List<AssetDeclaration> read = [];
        HashSet<string> keys = [];
        foreach (var settings in method.GetCustomAttributes<MaterializeAttribute>())
        {
            var isTemplate = settings.Key.AsSpan().ContainsAny('{', '}');
            var template = isTemplate ? RunNameTemplate.Parse("Materialize", settings.Key, parameters, problems) : null;
            if (!isTemplate && AssetKey.Problem(settings.Key) is { } problem)
            {
                problems.Add($"Materialize '{settings.Key}' is no key of an asset: {problem}");
            }

            if (!keys.Add(settings.Key))
            {
                problems.Add($"Materialize '{settings.Key}' is there twice");
            }

            if (settings.Description?.Length > AssetProperties.LongestDescription)
            {
                problems.Add(
                    $"Materialize '{settings.Key}' has a Description of {settings.Description.Length} characters; "
                        + $"{AssetProperties.LongestDescription} are allowed"
                );
            }

            read.Add(new AssetDeclaration(settings, template));
        }

        problems.AddRange(
            dependencies
                .Select(key => (Key: key, Problem: AssetKey.Problem(key)))
                .Where(each => each.Problem is not null)
                .Select(each => $"AssetDependencies has '{each.Key}', which is no key of an asset: {each.Problem}")
        );
        declarations = read;
        return problems;
    }

    /// <summary>The asset that a run makes.</summary>
    /// <param name="argumentsJson">Its arguments: a JSON object.</param>
    /// <exception cref="InvalidOperationException">The arguments make no key.</exception>
    internal TaskRunAsset Of(string argumentsJson)
    {
        var key = _template is null ? _settings.Key : _template.FormatWhole(argumentsJson);
        return AssetKey.Problem(key) is { } problem
            ? throw new InvalidOperationException($"The arguments make '{key}' of the asset '{_settings.Key}', which is no key: {problem}.")
            : new TaskRunAsset(key) { Properties = Properties(), MaterializedBy = _settings.By };
    }

    private AssetProperties? Properties()
    {
        AssetProperties properties = new()
        {
            Name = _settings.Name,
            Url = _settings.Url,
            Description = _settings.Description,
            Owners = _settings.Owners is { Length: > 0 } owners ? owners : null,
        };
        return properties == new AssetProperties() ? null : properties;
    }
}
