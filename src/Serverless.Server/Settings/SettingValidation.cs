using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Serverless.Server.Settings;

/// <summary>Says of each setting whose value is out of bounds what it takes, in one line.</summary>
internal sealed class SettingValidation<T> : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        string[] wrong =
        [
            .. typeof(T)
                .GetProperties()
                .Where(property =>
                    property.GetCustomAttributes<ValidationAttribute>().Any(rule => !rule.IsValid(property.GetValue(options)))
                )
                .Select(property =>
                    property.GetCustomAttribute<SettingAttribute>()?.Refuse(property.GetValue(options))
                    ?? FormattableString.Invariant($"{typeof(T).Name}.{property.Name} cannot be '{property.GetValue(options)}'.")
                ),
        ];
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
