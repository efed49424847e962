namespace Azure.Data.Tables.Internal;

/// <summary>The answer that there is no such entity.</summary>
internal sealed class MissingEntity<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException("The response has no value: the entity does not exist.");

    public override Response GetRawResponse() => response;
}
