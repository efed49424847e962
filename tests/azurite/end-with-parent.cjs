// Preloaded into Azurite by the tests: it ends in good order when the process that started it closes the pipe or is gone.
process.stdin.on("end", () => process.kill(process.pid, "SIGTERM")).resume();
