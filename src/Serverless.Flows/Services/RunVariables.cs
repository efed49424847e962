using System.Text.Json;
using Serverless.Core.Validation;
using Serverless.Flows.Binding;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>
/// Reads and writes variables: values with unique names that flows, deployments and people share. In a flow, what was read stays the same
/// when the body is run again.
/// </summary>
public sealed class RunVariables
{
    private readonly IRunServices _services;

    internal RunVariables(IRunServices services) => _services = services;

    /// <summary>The value of a variable.</summary>
    /// <typeparam name="T">The type that its JSON is read as.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="defaultValue">What to give when there is no such variable.</param>
    /// <returns>The value; the default of the type for a variable that is null.</returns>
    /// <exception cref="ArgumentException">No variable can have that name.</exception>
    /// <exception cref="InvalidOperationException">The value cannot be read as <typeparamref name="T"/>.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public async Task<T?> GetAsync<T>(string name, T? defaultValue = default)
    {
        Check(name);
        if (await _services.GetVariableAsync(name, CancellationToken.None) is not { } json)
        {
            return defaultValue;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(json, FlowJson.Options);
        }
        catch (JsonException wrong)
        {
            throw new InvalidOperationException($"Variable '{name}' cannot be read as {typeof(T).Name}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Sets a variable.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="name">Its name: lower-case letters, digits, dashes and underscores, at most 255.</param>
    /// <param name="value">Its value, which is written as JSON.</param>
    /// <param name="tags">Its tags; null (the default) to leave those of an existing variable.</param>
    /// <param name="overwrite">True to change an existing variable; false (the default) to refuse that, as Prefect does.</param>
    /// <returns>A task that is done when it is stored.</returns>
    /// <exception cref="ArgumentException">No variable can have that name.</exception>
    /// <exception cref="InvalidOperationException">There is one, and <paramref name="overwrite"/> is false.</exception>
    /// <exception cref="PayloadLimitException">The value is larger than <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public async Task SetAsync<T>(string name, T value, IReadOnlyList<string>? tags = null, bool overwrite = false)
    {
        Check(name);
        var json = BoundedJson.Write(value, FlowJson.Options.GetTypeInfo(typeof(T)), () => $"The value of variable '{name}'");
        if (!await _services.SetVariableAsync(new VariableRequest(name, json, tags, overwrite), CancellationToken.None))
        {
            throw new InvalidOperationException($"Variable '{name}' exists already. Pass overwrite: true to change it.");
        }
    }

    /// <summary>Deletes a variable.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>
    /// False when there is none. In a flow it is the answer of the first time, also where a crash makes the deletion repeat itself.
    /// </returns>
    /// <exception cref="ArgumentException">No variable can have that name.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<bool> DeleteAsync(string name)
    {
        Check(name);
        return _services.DeleteVariableAsync(name, CancellationToken.None);
    }

    private static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!VariableNameAttribute.IsName(name))
        {
            throw new ArgumentException(
                $"The variable name '{name}' may have only lower-case letters, digits, dashes and underscores, at most "
                    + $"{VariableNameAttribute.Longest}.",
                nameof(name)
            );
        }
    }
}
