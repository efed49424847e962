using System.Collections;
using System.Collections.Immutable;
using System.Numerics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Flows.Binding;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Binding;

public sealed class SerializableTypesTests
{
    private static readonly Dictionary<Type, object> Values = new object[]
    {
        (41, "x"),
        (1, "a", 2.5, true, 'c', 6L, (byte)7, "eighth", 9m),
        ((1, 2), new[] { ("a", 1) }),
        Tuple.Create(1, "b"),
        new Shapes.Point { X = 9, Y = -1 },
        new Shapes.Pair(1, "r"),
        new Shapes.Line(new Shapes.Point { X = 1 }, (3, "n"), [new Shapes.Pair(2, "s")]),
        new Shapes.ByHand { Name = "a", Numbers = [1, 2] },
        new Shapes.ByConstructor(5),
        new Shapes.Owner(new Shapes.Animal("a")),
        new KeyValuePair<string, int>("k", 1),
        new Dictionary<Shapes.Color, int> { [Shapes.Color.Green] = 1 },
        new Dictionary<Guid, string> { [Guid.Parse("01900000-0000-7000-8000-000000000001")] = "g" },
        new HashSet<int> { 1, 2 },
        new Queue<int>([1, 2]),
        new SortedDictionary<int, string> { [2] = "b", [1] = "a" },
        ImmutableArray.Create(1, 2),
        ImmutableDictionary<string, int>.Empty.Add("a", 1),
        new List<(int, string)> { (1, "a"), (2, "b") },
        new int?[] { 1, null },
        new[] { new[] { 1 }, [2, 3] },
        double.NaN,
        new[] { float.PositiveInfinity, -0.5f },
        Half.Epsilon,
        new[] { 1.10m, decimal.MaxValue },
        Int128.MaxValue,
        new TimeSpan(1, 2, 3, 4, 5),
        new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.FromHours(2)),
        new DateTime(2026, 3, 1, 10, 0, 0, DateTimeKind.Utc),
        new DateOnly(2026, 3, 1),
        new TimeOnly(10, 0, 1),
        new Uri("/relative", UriKind.Relative),
        new Version(1, 2),
        (byte[])[1, 255],
        (Shapes.Color)7,
        '\u00e9',
        5,
        "\u0000\u2028<>&'\"",
    }.ToDictionary(value => value.GetType());

    public static TheoryData<Type> Accepted => [.. Values.Keys];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Problem_TypeThatComesBack_IsNone(Type type)
    {
        var value = Values[type];

        SerializableTypes.Problem(type).ShouldBeNull();

        var back = JsonSerializer.Deserialize(JsonSerializer.Serialize(value, type, FlowJson.Options), type, FlowJson.Options);
        IsSame(back, value).ShouldBeTrue($"{back} is not {value}");
    }

    [Theory]
    [InlineData(typeof(Shapes.Shape))]
    [InlineData(typeof(Shapes.Shape[]))]
    [InlineData(typeof(JsonElement))]
    [InlineData(typeof(JsonNode))]
    [InlineData(typeof(JsonObject))]
    [InlineData(typeof(IReadOnlyDictionary<string, ISet<int>>))]
    [InlineData(typeof(IEnumerable<string>))]
    [InlineData(typeof(Memory<byte>))]
    [InlineData(typeof(BitArray), false)]
    [InlineData(typeof(BigInteger), false)]
    [InlineData(typeof(Complex), false)]
    [InlineData(typeof(System.Net.IPAddress), false)]
    [InlineData(typeof(System.Globalization.CultureInfo), false)]
    [InlineData(typeof(Type), false)]
    [InlineData(typeof(Index), false)]
    [InlineData(typeof(Stack<int>), false)]
    [InlineData(typeof(System.Collections.Concurrent.ConcurrentStack<string>), false)]
    [InlineData(typeof(System.Collections.ObjectModel.ReadOnlyCollection<int>), false)]
    [InlineData(typeof(ArraySegment<int>), false)]
    [InlineData(typeof(Dictionary<(int, int), string>), false)]
    [InlineData(typeof(Dictionary<object, string>), false)]
    [InlineData(typeof(Dictionary<string, object>), false)]
    [InlineData(typeof(ArrayList), false)]
    [InlineData(typeof(object), false)]
    [InlineData(typeof(int[,]), false)]
    [InlineData(typeof(Lazy<int>), false)]
    public void Problem_OfType_IsKnown(Type type, bool accepted = true)
    {
        if (accepted)
        {
            SerializableTypes.Problem(type).ShouldBeNull();
        }
        else
        {
            SerializableTypes.Problem(type).ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData(typeof(Shapes.NoSetter), "NoSetter.Count is written to JSON but not read back: give it init or a public setter")]
    [InlineData(typeof(Shapes.PrivateSetter), "PrivateSetter.Count is written to JSON but not read back")]
    [InlineData(typeof(Shapes.GetOnlyList), "GetOnlyList.Items is written to JSON but not read back")]
    [InlineData(typeof(Shapes.ReadOnlyField), "ReadOnlyField.Count is written to JSON but not read back: make it writable")]
    [InlineData(typeof(Shapes.Hidden), "Hidden.Count is not public")]
    [InlineData(typeof(Shapes.PrivateField), "PrivateField.count is not public")]
    [InlineData(typeof(Shapes.Unbound), "the parameter 'text' of its constructor has no public property or field")]
    [InlineData(
        typeof(Shapes.StructWithoutInit),
        "StructWithoutInit.X is written to JSON but not read back: give it init, or its constructor [JsonConstructor]"
    )]
    [InlineData(typeof(Shapes.Base), "a Nameless is read back as a Base; give it a name")]
    [InlineData(typeof(Shapes.Named), "Name is not written to JSON; hold the items in a property")]
    [InlineData(typeof(Shapes.Deep), "Deep.Inner[][].Count is written to JSON but not read back")]
    [InlineData(typeof(Stack<int>), "Stack<int> is read back in reverse order; use an array or a List")]
    [InlineData(typeof((int, object)), "Item2 is an object, which is read back as JSON")]
    [InlineData(typeof(Dictionary<(int, int), string>), "cannot be read from JSON; use a Dictionary whose key is")]
    public void Problem_TypeThatDoesNotComeBack_SaysWhatAndWhatInstead(Type type, string problem) =>
        SerializableTypes.Problem(type).ShouldNotBeNull().Replace("Int32", "int", StringComparison.Ordinal).ShouldContain(problem);

    [Fact]
    public void Serialize_DerivedValue_IsRefusedUnlessItsTypeIsDeclared()
    {
        Should
            .Throw<FlowRegistrationException>(() => JsonSerializer.Serialize(new Shapes.Owner(new Shapes.Dog("d", 3)), FlowJson.Options))
            .Message.ShouldBe(
                "A Dog cannot be used as a Animal in JSON: its additional members would be lost. "
                    + "Mark Animal with [JsonDerivedType(typeof(Dog), \"…\")], or declare Dog."
            );

        Shapes.Shape[] shapes = [new Shapes.Circle("c", 1.5), new Shapes.Square("s", 2)];
        JsonSerializer.Deserialize<Shapes.Shape[]>(JsonSerializer.Serialize(shapes, FlowJson.Options), FlowJson.Options).ShouldBe(shapes);
    }

    /// <summary>Whether two values hold the same, field by field; lists may be of other types.</summary>
    private static bool IsSame(object? one, object? other) =>
        (one, other) switch
        {
            _ when Equals(one, other) => true,
            (null, _) or (_, null) => false,
            (IEnumerable first, IEnumerable second) => first
                .Cast<object?>()
                .Zip(second.Cast<object?>())
                .All(pair => IsSame(pair.First, pair.Second))
                && first.Cast<object?>().Count() == second.Cast<object?>().Count(),
            _ when one.GetType() != other.GetType() || one is IConvertible => false,
            _ => one.GetType()
                .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .All(field => IsSame(field.GetValue(one), field.GetValue(other))),
        };
}
