using Serverless.Server.Runs;

