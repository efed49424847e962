using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Serverless.Flows.Caching;

/// <summary>
/// The code of a method as text that is the same in every build of the same source by the same compiler: its instructions with the names of
/// what they refer to in place of the tokens, which change with whatever else is in the assembly. The bodies that the compiler moved out
/// of the method belong to it: of the asynchronous method or iterator, lambdas and local functions. Methods that it calls do not.
/// </summary>
internal sealed partial class MethodSource
{
    private static readonly FrozenDictionary<int, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => (int)(ushort)code.Value);

    private readonly StringBuilder _text = new();
    private readonly HashSet<MethodBase> _seen = [];
    private readonly Queue<MethodBase> _left = [];
    private readonly Type _owner;

    private MethodSource(MethodInfo method)
    {
        _owner = Outermost(method.DeclaringType!);
        Add(method);
    }

    /// <summary>The SHA-256 of a method's code.</summary>
    internal static string HashOf(MethodInfo method) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TextOf(method))));

    /// <summary>A method's code.</summary>
    internal static string TextOf(MethodInfo method)
    {
        MethodSource source = new(method);
        while (source._left.TryDequeue(out var next))
        {
            source.Write(next);
        }

        return source._text.ToString();
    }

    /// <summary>
    /// A name without the numbers by which the compiler tells what it made for one member of a class from what it made for another.
    /// </summary>
    internal static string Unnumbered(string name) => Numbers().Replace(name, "${kept}");

    [GeneratedRegex(@"(?<kept>>[A-Za-z]*_*(DisplayClass)?|\|)[0-9][0-9_]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static bool IsMoved(MemberInfo member) => member.Name.Contains('<') || (member.DeclaringType?.Name.Contains('<') ?? false);

    private void Add(MethodBase method)
    {
        if (_seen.Add(method))
        {
            _left.Enqueue(method);
        }
    }

    private void Write(MethodBase method)
    {
        _text.Append("method ").AppendLine(NameOf(method));
        if (method.GetCustomAttribute<StateMachineAttribute>() is { StateMachineType: { } machine })
        {
            Add(machine.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!);
        }

        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        foreach (var local in body.LocalVariables)
        {
            _text.Append("local ").AppendLine(NameOf(local.LocalType));
        }

        foreach (var clause in body.ExceptionHandlingClauses)
        {
            _text
                .Append(CultureInfo.InvariantCulture, $"{clause.Flags} {clause.TryOffset} {clause.TryLength} ")
                .Append(CultureInfo.InvariantCulture, $"{clause.HandlerOffset} {clause.HandlerLength} ")
                .AppendLine(clause.Flags == ExceptionHandlingClauseOptions.Clause ? NameOf(clause.CatchType!) : "");
        }

        WriteInstructions(method, body.GetILAsByteArray() ?? []);
    }

    private void WriteInstructions(MethodBase method, byte[] bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            int value = bytes[at++];
            if (value == 0xFE)
            {
                value = (value << 8) | bytes[at++];
            }

            var code = Codes[value];
            var operand = bytes.AsSpan(at);
            var length = code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(operand)),
                _ => 4,
            };
            _text.Append(code.Name).Append(' ').AppendLine(OperandOf(method, code, operand[..length]));
            at += length;
        }
    }

    private string OperandOf(MethodBase method, OpCode code, ReadOnlySpan<byte> operand) =>
        code.OperandType switch
        {
            OperandType.InlineString => method.Module.ResolveString(BinaryPrimitives.ReadInt32LittleEndian(operand)),
            OperandType.InlineSig => Convert.ToHexString(
                method.Module.ResolveSignature(BinaryPrimitives.ReadInt32LittleEndian(operand)).AsSpan(0, 1)
            ),
            OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType => Referred(
                method,
                BinaryPrimitives.ReadInt32LittleEndian(operand)
            ),
            _ => Convert.ToHexString(operand),
        };

    private string Referred(MethodBase method, int token)
    {
        var member = method.Module.ResolveMember(
            token,
            method.DeclaringType?.GetGenericArguments(),
            method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : null
        )!;
        if (member is MethodBase called && member.Module == method.Module && IsMoved(member) && Outermost(called.DeclaringType!) == _owner)
        {
            Add(called);
        }

        return NameOf(member);
    }

    private static string NameOf(MemberInfo member) =>
        Unnumbered(
            member switch
            {
                Type type => type.ToString(),
                FieldInfo field => $"{field.FieldType} {field.DeclaringType}.{field.Name}",
                _ => $"{member.DeclaringType}: {member}",
            }
        );
}
