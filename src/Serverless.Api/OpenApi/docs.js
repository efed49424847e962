// Shows the document with Scalar. All that would ask other hosts for something is off: fonts, telemetry, agents and the hosted client.
Scalar.createApiReference('#app', {
  url: document.currentScript.dataset.document,
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
});
