import ArgumentParser
import Postgres
import Registry

/// `klappa demo`: fills the registry with invented people.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill the registry with invented people, marked as such wherever they are shown.",
        discussion:
            "The same number, seed and day give the same people. Nothing is added where some are already."
    )

    @OptionGroup var database: DatabaseOptions

    @Option(help: "How many people.")
    var people = 600

    @Option(help: "What they depend on: another seed makes other people.")
    var seed: UInt64 = 1

    @Option(help: "The day from which calendars and careers count, as 2027-03-01; today by default.")
    var from: String?

    @Flag(help: "Also where people who are not invented are public.")
    var besideRealPeople = false

    func validate() throws {
        if !(1...2_000_000).contains(people) {
            throw ValidationError("--people is a number from 1 to 2000000.")
        }
        if let from, Day(from)?.isFinite != true {
            throw ValidationError("--from is a day, such as 2027-03-01.")
        }
    }

    func run() async throws {
        let data = DemoData(
            people: people,
            seed: seed,
            from: from.flatMap { Day($0) },
            besideRealPeople: besideRealPeople
        )
        let outcome = try await Interruption.obeying {
            try await database.withBackend { backend in
                try await backend.withClient(for: .worker) { client in
                    var line = ProgressLine()
                    defer { line.clear() }
                    let outcome = try await data.load(into: client) {
                        line.show("Inventing: \($0) of \(people) people")
                    }
                    if case .made = outcome {
                        let listings = DemoListings(seed: seed, from: from.flatMap { Day($0) })
                        _ = try await listings.load(into: client)
                    }
                    return outcome
                }
            }
        }
        switch outcome {
        case .made(let people, let productions):
            print("\(people) people and \(productions) productions have been invented.")
        case .present(let people):
            print("There are \(people) invented people already; nothing was changed.")
        case .refused(let people):
            print(
                """
                \(people) people who are not invented are public here; nothing was changed. \
                With --beside-real-people the invented ones are added beside them.
                """
            )
            throw ExitCode(1)
        }
    }
}
