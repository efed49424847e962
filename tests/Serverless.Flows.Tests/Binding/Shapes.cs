using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Serverless.Flows.Tests.Binding;

/// <summary>Types whose values come back from JSON, and types whose values do not.</summary>
internal static class Shapes
{
    internal enum Color
    {
        Red,
        Green,
    }

    [StructLayout(LayoutKind.Auto)]
    internal struct Point
    {
        public int X;
        public int Y;
    }

    internal readonly record struct Pair(int Left, string Right);

    internal sealed record Line(Point From, (int X, string Name) To, IReadOnlyList<Pair>? Rest = null)
    {
        public double Length => To.X - From.X;
    }

    internal sealed class ByHand
    {
        private string _name = "";

        public string Name
        {
            get => _name;
            set => _name = value.Trim();
        }

        public List<int> Numbers { get; init; } = [];

        [JsonIgnore]
        public int Cached { get; set; }
    }

    internal readonly struct ByConstructor
    {
        [JsonConstructor]
        public ByConstructor(int x) => X = x;

        public int X { get; }
    }

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    internal abstract record Shape(string Name);

    internal sealed record Circle(string Name, double Radius) : Shape(Name);

    internal sealed record Square(string Name, int Side) : Shape(Name);

    internal record Animal(string Name);

    internal sealed record Dog(string Name, int Tricks) : Animal(Name);

    internal sealed record Owner(Animal Pet);

    internal sealed class NoSetter
    {
        public int Count { get; } = 3;
    }

    internal sealed class PrivateSetter
    {
        public int Count { get; private set; }

        public void Add() => Count++;
    }

    internal sealed class GetOnlyList
    {
        public List<int> Items { get; } = [];
    }

    internal sealed class ReadOnlyField
    {
        public readonly int Count = 3;
    }

    internal sealed class Hidden
    {
        internal int Count { get; set; }
    }

    [SuppressMessage("Minor Code Smell", "S2933", Justification = "A field that nothing writes to JSON.")]
    internal sealed class PrivateField
    {
        private int count;

        public string Name { get; init; } = "";

        public int Next() => ++count;
    }

    internal sealed class Unbound(string text)
    {
        public int Length => text.Length;
    }

    internal readonly struct StructWithoutInit(int x)
    {
        public int X { get; } = x;
    }

    [JsonDerivedType(typeof(Nameless))]
    internal record Base(string Name);

    internal sealed record Nameless(string Name, int Extra) : Base(Name);

    internal sealed class Named : Collection<int>
    {
        public string Name { get; set; } = "";
    }

    internal sealed record Deep(IReadOnlyList<Dictionary<string, PrivateSetter>> Inner);
}
