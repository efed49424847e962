using System.Text.Json.Serialization;

namespace Serverless.Core.States;

/// <summary>What belongs to an answer of the gate, told apart on the wire by <c>type</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(StateAcceptDetails), "accept_details")]
[JsonDerivedType(typeof(StateWaitDetails), "wait_details")]
[JsonDerivedType(typeof(StateRejectDetails), "reject_details")]
[JsonDerivedType(typeof(StateAbortDetails), "abort_details")]
public abstract record StateResponseDetails;
