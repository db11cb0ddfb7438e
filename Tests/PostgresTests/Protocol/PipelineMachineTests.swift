import Testing

@testable import Postgres

@Suite struct PipelineMachineTests {
    typealias Event = PipelineMachine.Event
    typealias Action = PipelineMachine.Action

    private func actions(_ machine: inout PipelineMachine, _ events: [Event]) -> [Action] {
        events.map { machine.receive($0) }
    }

    @Test func `a plain statement keeps its answer and finishes at the sync`() {
        var machine = PipelineMachine()
        machine.sent(.main)
        #expect(actions(&machine, [.rows, .end, .sync]) == [.keep, .ignore, .finish])
        #expect(machine.isEmpty)
    }

    @Test func `answers of preparing and of settings are not the caller's`() {
        var machine = PipelineMachine()
        machine.sent([.preparePrefix, .prefix, .prepareMain, .main])
        #expect(
            actions(&machine, [.command, .end, .rows, .end, .command, .end, .rows, .end, .sync])
                == [.ignore, .ignore, .ignore, .ignore, .ignore, .ignore, .keep, .ignore, .finish]
        )
    }

    @Test func `a failing step is named and the rest is skipped`() {
        var machine = PipelineMachine()
        machine.sent([.prefix, .prepareMain, .main])
        #expect(
            actions(&machine, [.failure, .end, .aborted, .end, .aborted, .end, .sync])
                == [.fail(.prefix), .ignore, .ignore, .ignore, .skip, .ignore, .finish]
        )
    }

    @Test func `a failure of one segment does not touch the next`() {
        var machine = PipelineMachine()
        machine.sent(.main)
        machine.sent([.prepareMain, .main])
        machine.sent(.main)
        #expect(actions(&machine, [.failure, .end, .sync]) == [.fail(.main), .ignore, .finish])
        #expect(machine.count == 2)
        #expect(
            actions(&machine, [.command, .end, .rows, .end, .sync]) == [
                .ignore, .ignore, .keep, .ignore, .finish,
            ]
        )
        #expect(actions(&machine, [.empty, .end, .sync]) == [.keep, .ignore, .finish])
    }

    @Test func `those that share a sync finish one by one, the last of them at the sync`() {
        var machine = PipelineMachine()
        machine.sent(.main, endsWithSync: false)
        machine.sent(.main, endsWithSync: false)
        machine.sentSync()
        machine.sent(.main)
        #expect(machine.together == 2)
        #expect(
            actions(&machine, [.rows, .end, .rows, .end, .sync])
                == [.keep, .finish, .keep, .ignore, .finish]
        )
        #expect(machine.count == 1 && machine.together == 1)
    }

    @Test func `those behind a failure up to the same sync are skipped, and no others`() {
        var machine = PipelineMachine()
        for _ in 0..<3 { machine.sent(.main, endsWithSync: false) }
        machine.sentSync()
        machine.sent(.main)
        #expect(
            actions(&machine, [.rows, .end, .failure, .end, .aborted, .end, .sync, .rows, .end, .sync])
                == [.keep, .finish, .fail(.main), .finish, .skip, .ignore, .finish, .keep, .ignore, .finish]
        )
    }

    @Test func `a sync that was not sent ends the connection`() {
        var machine = PipelineMachine()
        machine.sent(.main, endsWithSync: false)
        #expect(machine.receive(.sync) == .violation)
    }

    @Test func `a failure at the commit belongs to the segment that was answered already`() {
        var machine = PipelineMachine()
        machine.sent(.main)
        #expect(
            actions(&machine, [.command, .end, .failure, .end, .sync])
                == [.keep, .ignore, .fail([]), .ignore, .finish]
        )
    }

    @Test func `COPY and answers that nobody asked for end the connection`() {
        var machine = PipelineMachine()
        #expect(machine.receive(.end) == .ignore)
        #expect(machine.receive(.rows) == .violation)
        machine.sent(.main)
        #expect(machine.receive(.copy) == .violation)
    }

    @Test(arguments: 0..<8) func `any order of events leaves the machine sound`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let events: [Event] = [.rows, .command, .empty, .failure, .aborted, .copy, .end, .sync]
        for _ in 0..<500 {
            var machine = PipelineMachine()
            var expected = 0
            for _ in 0..<60 {
                if Int.random(in: 0..<4, using: &random) == 0 {
                    machine.sent(
                        PipelineMachine.Steps(rawValue: 8 | .random(in: 0...7, using: &random)),
                        endsWithSync: .random(using: &random)
                    )
                    expected += 1
                } else if machine.receive(events.randomElement(using: &random)!) == .finish {
                    expected -= 1
                }
                #expect(machine.count == expected)
            }
        }
    }
}
