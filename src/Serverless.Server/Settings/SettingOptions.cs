using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Serverless.Core.Validation;

namespace Serverless.Server.Settings;

/// <summary>Options that the app's settings set. They are checked when the app starts, not when somebody first needs them.</summary>
internal static class SettingOptions
{
    /// <summary>
    /// Registers options of a class, and their value for the constructors of services. Each property with a <see cref="SettingAttribute"/>
    /// takes its value from that setting; one that is absent or empty leaves the property's own. The attributes of the properties say which
    /// values they can have.
    /// </summary>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services)
        where T : class
    {
        services
            .AddOptions<T>()
            .Configure<IServiceProvider>((options, provider) => Read(options, provider.GetService<IConfiguration>()))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>, SettingValidation<T>>();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        services.AddSingleton<ISettingValues>(provider => new SettingValues<T>(provider.GetRequiredService<IOptions<T>>().Value));
        return services;
    }

    private static void Read(object options, IConfiguration? settings)
    {
        foreach (var property in options.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } setting && settings?[setting.Name] is { Length: > 0 } text)
            {
                property.SetValue(options, Convert(text, property.PropertyType) ?? throw new SettingException(setting.Refuse(text)));
            }
        }
    }

    private static object? Convert(string text, Type type)
    {
        var converter = TypeDescriptor.GetConverter(type);
        return converter.IsValid(text) ? converter.ConvertFromInvariantString(text) : null;
    }
}
