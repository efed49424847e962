using System.ComponentModel.DataAnnotations;

namespace Serverless.Api.Security;

/// <summary>A list of origins as browsers send them: scheme, host and port, and nothing after that.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OriginsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) =>
        value is string list
        && CrossOriginOptions
            .Split(list)
            .All(origin =>
                origin == CrossOriginOptions.All
                || (
                    Uri.TryCreate(origin, UriKind.Absolute, out var address)
                    && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
                    && address.UserInfo.Length == 0
                    && address.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase)
                )
            );
}
