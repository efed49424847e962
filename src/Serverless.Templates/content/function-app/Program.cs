using Serverless.Functions.Hosting;

return await ServerlessFunctionsApp.RunAsync(args, flows => flows.AddAssembly(typeof(FunctionApp1.Greetings).Assembly));
