namespace Azure.Storage.Blobs.Models;

public readonly struct BlobErrorCode : IEquatable<BlobErrorCode>
{
    private readonly string _value;

    public BlobErrorCode(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
    }

    public static BlobErrorCode BlobAlreadyExists { get; } = new("BlobAlreadyExists");

    public static BlobErrorCode BlobNotFound { get; } = new("BlobNotFound");

    public static BlobErrorCode ContainerAlreadyExists { get; } = new("ContainerAlreadyExists");

    public static BlobErrorCode ContainerBeingDeleted { get; } = new("ContainerBeingDeleted");

    public static BlobErrorCode ContainerNotFound { get; } = new("ContainerNotFound");

    public static implicit operator BlobErrorCode(string value) => new(value);

    public static bool operator ==(BlobErrorCode left, BlobErrorCode right) => left.Equals(right);

    public static bool operator !=(BlobErrorCode left, BlobErrorCode right) => !left.Equals(right);

    public bool Equals(BlobErrorCode other) => string.Equals(_value, other._value, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object obj) => obj is BlobErrorCode other && Equals(other);

    public override int GetHashCode() => _value is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(_value);

    public override string ToString() => _value;
}
