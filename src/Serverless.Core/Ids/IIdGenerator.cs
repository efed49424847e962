namespace Serverless.Core.Ids;

/// <summary>Where new ids come from.</summary>
public interface IIdGenerator
{
    /// <summary>A new id, greater than those before it (UUID version 7 of RFC 9562).</summary>
    Guid NewId();
}
