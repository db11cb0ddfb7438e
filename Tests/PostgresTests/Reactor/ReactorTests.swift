import Glibc
import Synchronization
import Testing

@testable import Postgres

/// Runs its work on the reactor's thread.
private final class OnReactor: Wakeable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    func woken() { body() }

    static func run(_ body: @escaping @Sendable () -> Void) {
        Reactor.shared.wake(OnReactor(body))
    }
}

private actor Counter {
    nonisolated var unownedExecutor: UnownedSerialExecutor { Reactor.shared.asUnownedSerialExecutor() }
    private(set) var value = 0

    func add() {
        Reactor.shared.assertOnThread()
        value += 1
    }
}

@Suite struct ReactorTests {
    @Test func `actors on the reactor lose no call`() async {
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { for _ in 0..<200 { await counter.add() } }
            }
        }
        #expect(await counter.value == 10_000)
    }

    @Test func `timers fire in the order of their moments`() async throws {
        let order = Mutex<[Int]>([])
        let done = Ticket<Void>()
        let start = Deadline.now
        OnReactor.run {
            for (place, delay) in [(3, 30), (1, 5), (2, 15)] {
                _ = Reactor.shared.schedule(at: start + .milliseconds(delay)) {
                    order.withLock { $0.append(place) }
                    if place == 3 { done.succeed(()) }
                }
            }
            let cancelled = Reactor.shared.schedule(at: start + .milliseconds(10)) {
                order.withLock { $0.append(99) }
            }
            Reactor.shared.cancel(cancelled)
        }
        try await done.value()
        #expect(order.withLock { $0 } == [1, 2, 3])
    }

    @Test func `a forgotten timer stays forgotten among thousands`() async throws {
        let fired = Mutex(0)
        let done = Ticket<Void>()
        OnReactor.run {
            let timers = (0..<5_000).map { _ in
                Reactor.shared.schedule(at: Deadline(after: .milliseconds(20))) { fired.withLock { $0 += 1 } }
            }
            for timer in timers { Reactor.shared.cancel(timer) }
            _ = Reactor.shared.schedule(at: Deadline(after: .milliseconds(25))) { done.succeed(()) }
        }
        try await done.value()
        #expect(fired.withLock { $0 } == 0)
    }

    @Test func `a socket is watched for what is asked, and a reused number is not mistaken`() async throws {
        let heard = Ticket<UInt8>()
        OnReactor.run {
            var pair: [Int32] = [0, 0]
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
            let first = Reactor.shared.watch(pair[0], for: .read) { _ in heard.succeed(1) }
            // libpq closes a socket and opens another that may get the same number.
            let second = Reactor.shared.watch(pair[0], for: .read) { readiness in
                var byte: UInt8 = 0
                _ = read(pair[0], &byte, 1)
                if readiness == .read { heard.succeed(byte) }
            }
            Reactor.shared.unwatch(first)
            _ = second
            var byte: UInt8 = 7
            _ = write(pair[1], &byte, 1)
        }
        #expect(try await heard.value() == 7)
    }

    @Test func `the first answer decides, whoever gives it`() async throws {
        let ticket = Ticket<Int>()
        #expect(ticket.succeed(1))
        #expect(!ticket.succeed(2))
        #expect(!ticket.fail(.cancelled))
        #expect(try await ticket.value() == 1)
    }

    @Test func `a cancelled wait ends at once`() async {
        let ticket = Ticket<Int>()
        let task = Task { () -> PostgresError.Kind? in
            do throws(PostgresError) {
                _ = try await ticket.value()
                return nil
            } catch {
                return error.kind
            }
        }
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(ticket.isSettled)
    }

    @Test func `many tickets settled from two sides are answered once each`() async {
        let wins = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<500 {
                let ticket = Ticket<Int>()
                group.addTask { ticket.succeed(1) ? 1 : 0 }
                group.addTask { ticket.succeed(2) ? 1 : 0 }
                group.addTask { (try? await ticket.value()) == nil ? 1000 : 0 }
            }
            return await group.reduce(0, +)
        }
        #expect(wins == 500)
    }

    @Test func `a deadline far away never passes and one behind has passed`() {
        #expect(Deadline(after: .seconds(Int64.max)) == .never)
        #expect(Deadline(after: .seconds(-5)).hasPassed)
        #expect(!Deadline(after: .seconds(50)).hasPassed)
        #expect(Deadline.now < Deadline(after: .seconds(1)))
    }
}
