global using System.ComponentModel.DataAnnotations;
global using Microsoft.Extensions.Logging;
global using Serverless.Flows;
