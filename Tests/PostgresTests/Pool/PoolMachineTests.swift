import Testing

@testable import Postgres

@Suite struct PoolMachineTests {
    typealias Machine = PoolMachine<Int, String>

    @Test func `the first caller makes a connection and gets it`() {
        var pool = Machine(maxConnections: 2, maxWaiting: 10)
        #expect(pool.request("a") == [.connect])
        #expect(pool.connected(1) == [.lend(1, to: "a")])
        #expect(pool.returned(1, usable: true) == [])
        #expect(pool.request("b") == [.lend(1, to: "b")])
    }

    @Test func `callers are served in the order of their asking`() {
        var pool = Machine(maxConnections: 1, maxWaiting: 10)
        #expect(pool.request("a") == [.connect])
        #expect(pool.request("b") == [])
        #expect(pool.request("c") == [])
        #expect(pool.connected(1) == [.lend(1, to: "a")])
        #expect(pool.returned(1, usable: true) == [.lend(1, to: "b")])
        let isWithdrawn = pool.withdraw("c")
        #expect(isWithdrawn)
        let isWithdrawnAgain = pool.withdraw("c")
        #expect(!isWithdrawnAgain)
        #expect(pool.request("d") == [])
        #expect(pool.returned(1, usable: true) == [.lend(1, to: "d")])
    }

    @Test func `one too many is refused at once`() {
        var pool = Machine(maxConnections: 1, maxWaiting: 2)
        _ = pool.request("a")
        _ = pool.request("b")
        #expect(pool.request("c") == nil)
        #expect(pool.waiting == 2)
        pool.withdraw("a")
        #expect(pool.request("c") == [])
    }

    @Test func `at most two connections are made at once, and none too many`() {
        var pool = Machine(maxConnections: 3, maxWaiting: 10)
        let actions = ["a", "b", "c", "d"].flatMap { pool.request($0) ?? [] }
        #expect(actions == [.connect, .connect])
        #expect(pool.connected(1) == [.lend(1, to: "a"), .connect])
        #expect(pool.connected(2) == [.lend(2, to: "b")])
        #expect(pool.connected(3) == [.lend(3, to: "c")])
        #expect(pool.connections == 3)
        #expect(pool.waiting == 1)
    }

    @Test func `a connection in doubt is closed and replaced for those that wait`() {
        var pool = Machine(maxConnections: 1, maxWaiting: 10)
        _ = pool.request("a")
        _ = pool.connected(1)
        _ = pool.request("b")
        #expect(pool.returned(1, usable: false) == [.close(1), .connect])
        #expect(pool.connected(2) == [.lend(2, to: "b")])
    }

    @Test func `after a passing failure the pool pauses, then tries again`() {
        var pool = Machine(maxConnections: 2, maxWaiting: 10)
        _ = pool.request("a")
        #expect(pool.connectFailed(permanently: false) == [])
        #expect(pool.request("b") == [], "no attempt before the pause is over")
        #expect(pool.resume() == [.connect, .connect])
        #expect(pool.connected(1) == [.lend(1, to: "a")])
    }

    @Test func `a permanent failure reaches every caller at once`() {
        var pool = Machine(maxConnections: 1, maxWaiting: 10)
        _ = pool.request("a")
        _ = pool.request("b")
        #expect(pool.connectFailed(permanently: true) == [.fail("a"), .fail("b")])
        #expect(pool.waiting == 0)
    }

    @Test func `an idle connection that ends is forgotten, a lent one counts until it comes back`() {
        var pool = Machine(maxConnections: 1, maxWaiting: 10)
        _ = pool.request("a")
        _ = pool.connected(1)
        #expect(pool.ended(1) == [])
        #expect(pool.request("b") == [], "its place is still taken")
        #expect(pool.returned(1, usable: false) == [.close(1), .connect])
        _ = pool.connected(2)
        _ = pool.returned(2, usable: true)
        #expect(pool.ended(2) == [])
        #expect(pool.request("c") == [.connect])
    }

    @Test func `closing fails who waits and closes what is idle now and what is lent later`() {
        var pool = Machine(maxConnections: 2, maxWaiting: 10)
        _ = pool.request("a")
        _ = pool.request("b")
        _ = pool.connected(1)
        _ = pool.connected(2)
        _ = pool.returned(1, usable: true)
        #expect(pool.close() == [.close(1)])
        #expect(pool.request("c") == [.fail("c")])
        #expect(pool.returned(2, usable: true) == [.close(2)])
        #expect(pool.connections == 0)
    }

    @Test(arguments: 0..<16) func `whatever happens, nothing is lent twice and no caller is lost`(
        seed: UInt64
    ) {
        var random = SeededRandom(seed: seed)
        var pool = Machine(maxConnections: 3, maxWaiting: 5)
        var waiting: [String] = []
        var lent: [Int: String] = [:]
        var connecting = 0
        var next = 0
        func obey(_ actions: [Machine.Action]) {
            for action in actions {
                switch action {
                case .lend(let connection, let waiter):
                    #expect(lent[connection] == nil, "lent twice")
                    #expect(waiting.first == waiter, "out of turn")
                    waiting.removeAll { $0 == waiter }
                    lent[connection] = waiter
                case .connect: connecting += 1
                case .close: break
                case .fail(let waiter): waiting.removeAll { $0 == waiter }
                }
            }
        }
        for step in 0..<5_000 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1, 2:
                waiting.append("w\(step)")
                if let actions = pool.request("w\(step)") { obey(actions) } else { waiting.removeLast() }
            case 3 where connecting > 0:
                connecting -= 1
                next += 1
                obey(pool.connected(next))
            case 4 where connecting > 0:
                connecting -= 1
                obey(pool.connectFailed(permanently: Int.random(in: 0..<4, using: &random) == 0))
            case 5:
                if let waiter = waiting.randomElement(using: &random) {
                    let isWithdrawn = pool.withdraw(waiter)
                    #expect(isWithdrawn)
                    waiting.removeAll { $0 == waiter }
                }
            case 6:
                if let connection = lent.keys.sorted().randomElement(using: &random) {
                    lent[connection] = nil
                    obey(pool.returned(connection, usable: Bool.random(using: &random)))
                } else if let idle = pool.idle.first {
                    obey(pool.ended(idle))
                }
            default: obey(pool.resume())
            }
            #expect(pool.connections <= 3)
            #expect(pool.connecting == connecting)
            #expect(pool.waiting == waiting.count)
            #expect(pool.busy == Set(lent.keys))
        }
    }

    @Test func `pauses grow to fifteen seconds and begin anew after success`() {
        var backOff = BackOff()
        let pauses = (0..<9).map { _ in backOff.failed(jitter: 0) }
        #expect(pauses.prefix(3) == [.milliseconds(250), .milliseconds(500), .seconds(1)])
        #expect(pauses.last == .seconds(15))
        backOff.succeeded()
        #expect(backOff.failed(jitter: 1) == .milliseconds(300))
    }
}
