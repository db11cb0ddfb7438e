/// What the files and the database's memory together ask for: decided without a database.
public struct MigrationPlan: Equatable, Sendable {
    /// What is yet to be applied, in order.
    public let pending: [Migration]

    /// Compares.
    ///
    /// - Parameters:
    ///   - files: the migrations of this program, in any order.
    ///   - applied: what the database remembers, in any order.
    /// - Throws: ``MigrationError``: a gap or a double number among the files; an applied migration that was edited or
    ///   renamed; one that this program does not know; one that was passed over.
    public init(files: [Migration], applied: [AppliedMigration]) throws(MigrationError) {
        let files = try Self.checked(files)
        let applied = applied.sorted { $0.number < $1.number }
        for (index, memory) in applied.enumerated() {
            guard memory.number <= files.count, memory.number > 0 else {
                throw MigrationError(
                    .newer,
                    "The database has had migration \(memory.name), which this klappa does not know; use a klappa that is "
                        + "at least as new as the database (nothing was changed)."
                )
            }
            guard memory.number == index + 1 else {
                throw MigrationError(
                    .edited,
                    "The database has had migration \(memory.name) but not number \(index + 1) before it; restore the "
                        + "table klappa.migration or the database from a backup."
                )
            }
            let file = files[index]
            guard memory.checksum == file.checksum else {
                throw MigrationError(
                    .edited,
                    "Migration \(memory.name) was applied with another text than this klappa's \(file.name).sql; restore "
                        + "the file as it was and put the change into a new migration."
                )
            }
        }
        pending = Array(files.dropFirst(applied.count))
    }

    /// The files in order, when they are numbered 1, 2, 3, ….
    static func checked(_ files: [Migration]) throws(MigrationError) -> [Migration] {
        let sorted = files.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
        for (index, file) in sorted.enumerated() where file.number != index + 1 {
            let twice = file.number <= index
            throw MigrationError(
                .files,
                twice
                    ? "Two migrations have the number of \(file.name).sql; give the later one the next free number."
                    : "No migration has the number \(index + 1), but \(file.name).sql exists; number the files without gaps."
            )
        }
        return sorted
    }
}
