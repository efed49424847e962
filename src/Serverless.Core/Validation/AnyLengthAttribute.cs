namespace Serverless.Core.Validation;

/// <summary>A text that may be as long as the body that it comes in. Other texts of bodies have at most 1024 characters.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AnyLengthAttribute : Attribute;
