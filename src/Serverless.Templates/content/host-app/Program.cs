using Serverless.Host;

return await ServerlessHost.RunAsync(args, flows => flows.AddAssembly(typeof(HostApp1.Greetings).Assembly));
