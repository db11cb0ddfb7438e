import Testing

@testable import Migrations

@Suite struct MigrationPlanTests {
    static func file(_ number: Int, _ text: String = "SELECT 1") throws -> Migration {
        let digits = String(number)
        let padded = String(repeating: "0", count: 4 - digits.count) + digits
        return try Migration(fileName: padded + "_step.sql", text: text)
    }

    static func memory(_ migration: Migration) -> AppliedMigration {
        AppliedMigration(number: migration.number, name: migration.name, checksum: migration.checksum)
    }

    static func kind(files: [Migration], applied: [AppliedMigration]) -> MigrationError.Kind? {
        do throws(MigrationError) {
            _ = try MigrationPlan(files: files, applied: applied)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func `what the database has not had is pending, in order`() throws {
        let files = [try Self.file(3), try Self.file(1), try Self.file(2)]
        let plan = try MigrationPlan(files: files, applied: [Self.memory(files[1])])
        #expect(plan.pending.map(\.number) == [2, 3])
        #expect(try MigrationPlan(files: files, applied: files.map(Self.memory)).pending == [])
    }

    @Test func `a gap and a double number are refused`() throws {
        #expect(Self.kind(files: [try Self.file(1), try Self.file(3)], applied: []) == .files)
        #expect(Self.kind(files: [try Self.file(1), try Self.file(1, "SELECT 2")], applied: []) == .files)
        #expect(Self.kind(files: [try Self.file(2)], applied: []) == .files)
    }

    @Test func `an edited migration is refused`() throws {
        let applied = Self.memory(try Self.file(1, "SELECT 1"))
        #expect(Self.kind(files: [try Self.file(1, "SELECT 2")], applied: [applied]) == .edited)
    }

    @Test func `a database newer than the program is refused`() throws {
        let files = [try Self.file(1)]
        let applied = [Self.memory(files[0]), Self.memory(try Self.file(2))]
        #expect(Self.kind(files: files, applied: applied) == .newer)
    }

    @Test func `a migration that was passed over is refused`() throws {
        let files = [try Self.file(1), try Self.file(2)]
        #expect(Self.kind(files: files, applied: [Self.memory(files[1])]) == .edited)
    }

    @Test(arguments: [
        "1_a.sql", "0001.sql", "0001_.sql", "0001_Upper.sql", "0001_a.txt", "000a_b.sql", "0001_å.sql",
    ])
    func `a misnamed file is refused by name`(name: String) {
        let error = #expect(throws: MigrationError.self) { try Migration(fileName: name, text: "") }
        #expect(error?.message.contains(name) == true)
    }

    @Test func `only the first line takes a migration out of its transaction`() throws {
        #expect(try !Self.file(1, "-- no-transaction\nCREATE INDEX CONCURRENTLY a ON b (c)").isTransactional)
        #expect(try Self.file(1, "SELECT 1;\n-- no-transaction\n").isTransactional)
    }

    @Test func `a checksum is the SHA-256 of the text`() throws {
        #expect(
            try Self.file(1, "abc").checksum
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }
}
