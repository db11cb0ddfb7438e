import FoundationEssentials
import Postgres
import Registry
import Testing

/// Numbers and places under pressure: many connections at once, and the waiting list that moves.
struct TalentPlacesTests {
    @Test
    func `300 applications at once are numbered 1 to 300`() async throws {
        try await TalentScene.with { scene in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...300 {
                    group.addTask { try await scene.send("A\(number)") }
                    // Some fail after their number was drawn: it is given back.
                    if number.isMultiple(of: 3) {
                        group.addTask { _ = try? await scene.send("B\(number)", answers: "{}") }
                    }
                }
                try await group.waitForAll()
            }
            let numbers = try await scene.database.root.query(
                "SELECT arrival FROM klappa.application ORDER BY arrival"
            ).map { try $0.decode(Int32.self, "arrival") }
            #expect(numbers == Array(1...300))
        }
    }

    @Test
    func `100 acceptances at once never exceed the places`() async throws {
        try await TalentScene.with(places: 8) { scene in
            var applications: [UUID] = []
            for number in 1...100 { applications.append(try await scene.send("A\(number)")) }
            let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for application in applications {
                    group.addTask {
                        do throws(PostgresError) {
                            try await scene.decide(application, "selected")
                            return true
                        } catch {
                            #expect(error.constraint == "call_places_kept")
                            return false
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(accepted == 8)
            #expect(try await scene.outcomes("selected") == 8)
            #expect(try await scene.text("SELECT taken::text AS n FROM klappa.call_tally") == "8")
            let fewer = await scene.database.refusal("UPDATE klappa.call SET places = 7", scene.database.root)
            #expect(fewer?.constraint == "call_places_kept")
        }
    }

    @Test
    func `places and acceptances that change at once never disagree`() async throws {
        try await TalentScene.with(places: 5) { scene in
            var applications: [UUID] = []
            for number in 1...20 { applications.append(try await scene.send("A\(number)")) }
            await withTaskGroup(of: Void.self) { group in
                for (index, application) in applications.enumerated() {
                    group.addTask { _ = try? await scene.decide(application, "selected") }
                    group.addTask { _ = try? await scene.decide(application, "undecided") }
                    let places = Int32(1 + index % 7)
                    group.addTask {
                        _ = await scene.database.refusal(
                            "UPDATE klappa.call SET places = \(places)",
                            scene.database.root
                        )
                    }
                }
            }
            #expect(try await SchemaCheckTests.run("places_are_kept.sql", scene.database) == 0)
        }
    }

    @Test
    func `the waiting list moves once decisions are out`() async throws {
        try await TalentScene.with(places: 1) { scene in
            let bo = try await scene.send("Bo")
            let cia = try await scene.send("Cia")
            let dan = try await scene.send("Dan")
            try await scene.decide(bo, "selected")
            try await scene.decide(dan, "waiting")
            try await scene.decide(cia, "waiting")
            try await scene.tell(bo, "accepted")
            try await scene.tell(dan, "waiting")
            let taken = await scene.database.refusal(
                "UPDATE klappa.assessment SET outcome = 'undecided' WHERE application = \(bo)",
                scene.database.member,
                as: scene.manager
            )
            #expect(taken?.constraint == "assessment_promise_kept")
            // The applicant takes it back, having signed in with the address it was sent from.
            let account = try await scene.database.human("BO@example.se")
            let answer = try await scene.database.member.query(
                "SELECT klappa.withdraw_application(\(bo)) AS done",
                settings: SchemaDatabase.settings(account)
            )
            #expect(try answer.first?.decode(Bool.self, "done") == true)
            #expect(
                try await scene.text(
                    "SELECT name AS n FROM klappa.application a JOIN klappa.assessment s ON s.application = a.id WHERE s.outcome = 'selected' AND s.moved"
                ) == "Dan"
            )
            #expect(try await scene.text("SELECT state AS n FROM klappa.participant") == "left")
            #expect(try await scene.text("SELECT taken::text AS n FROM klappa.call_tally") == "1")
            #expect(
                try await scene.text("SELECT participants::text AS n FROM klappa.region_participants") == "0"
            )
            for check in ["places_are_kept", "applications_are_assessed"] {
                #expect(try await SchemaCheckTests.run(check + ".sql", scene.database) == 0)
            }
        }
    }

    @Test
    func `before decisions are out a withdrawal leaves the place to the manager`() async throws {
        try await TalentScene.with(places: 1) { scene in
            let bo = try await scene.send("Bo")
            let cia = try await scene.send("Cia")
            try await scene.decide(bo, "selected")
            try await scene.decide(cia, "waiting")
            let answer = try await scene.database.member.query(
                "SELECT klappa.withdraw_application(\(bo)) AS done",
                settings: SchemaDatabase.settings(scene.manager)
            )
            #expect(try answer.first?.decode(Bool.self, "done") == true)
            #expect(try await scene.outcomes("selected") == 0)
            #expect(try await scene.outcomes("waiting") == 1)
        }
    }

    @Test
    func `withdrawals and acceptances at once keep the places and end`() async throws {
        try await TalentScene.with(places: 4) { scene in
            var applications: [UUID] = []
            for number in 1...24 { applications.append(try await scene.send("A\(number)")) }
            for application in applications[..<4] {
                try await scene.decide(application, "selected")
                try await scene.tell(application, "accepted")
            }
            for application in applications[4..<16] { try await scene.decide(application, "waiting") }
            await withTaskGroup(of: Void.self) { group in
                for application in applications[..<4] {
                    group.addTask {
                        _ = await scene.database.refusal(
                            "SELECT klappa.withdraw_application(\(application))",
                            scene.database.member,
                            as: scene.manager
                        )
                    }
                }
                for application in applications[4...] {
                    group.addTask {
                        _ = await scene.database.refusal(
                            "UPDATE klappa.assessment SET outcome = 'selected' WHERE application = \(application)",
                            scene.database.member,
                            as: scene.manager
                        )
                    }
                }
            }
            #expect(try await scene.outcomes("selected") == 4)
            #expect(try await SchemaCheckTests.run("places_are_kept.sql", scene.database) == 0)
        }
    }
}
