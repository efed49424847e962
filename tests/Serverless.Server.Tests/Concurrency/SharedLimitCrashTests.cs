using Serverless.Server.Runs;
