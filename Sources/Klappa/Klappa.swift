import ArgumentParser

@main
struct Klappa: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "klappa")
}
