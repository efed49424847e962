namespace Serverless.Core.Tests.Transitions.Tables;

/// <summary>A circumstance in which every pair of states is judged.</summary>
/// <typeparam name="TCase">The kind of case.</typeparam>
/// <param name="Name">What the table calls it.</param>
/// <param name="Base">The variant that it is read beside: the table shows only what differs from it; null for none.</param>
/// <param name="Apply">Makes a case of the variant from the plain one.</param>
internal sealed record CaseVariant<TCase>(string Name, string? Base, Func<TCase, TCase> Apply);
