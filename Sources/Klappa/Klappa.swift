import ArgumentParser

/// The program `klappa`: everything that an installation needs, as subcommands.
@main
struct Klappa: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "klappa",
        abstract: "The joint registry of film crew of the six regions of Southern Sweden.",
        discussion: """
            Without configuration everything runs on a private PostgreSQL of klappa's own. Settings come from the \
            environment; klappa serve --check-config lists them, deploy/README.md explains them.
            """,
        subcommands: [
            Serve.self, Migrate.self, Restore.self, Check.self, Doctor.self, Key.self, Invite.self,
            PrintOpenAPI.self,
            Import.self,
            Export.self,
            Demo.self,
        ]
    )
}
