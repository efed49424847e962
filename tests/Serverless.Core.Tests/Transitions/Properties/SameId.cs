using Serverless.Core.Ids;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>Always the same id, for decisions that are compared.</summary>
internal sealed class SameId : IIdGenerator
{
    public Guid NewId() => Guid.AllBitsSet;
}
