internal import CLibpq
internal import Glibc
internal import HeapModule
internal import Synchronization

/// The thread that waits: for sockets (epoll), for timers (a heap) and for work (an inbox with an eventfd).
///
/// It is also the serial executor of every actor that touches libpq, so that all calls on a connection, all
/// registrations and all timers happen on one thread in one order. It must never block and never compute for long.
///
/// **Why `@unchecked Sendable` holds:** `inbox` and `thread` are behind a mutex and an atomic; every other stored
/// property is used on the reactor's own thread only, which ``assertOnThread()`` checks at each entrance.
final class Reactor: SerialExecutor, @unchecked Sendable {
    /// One reactor serves the whole process; it lives as long as the process.
    static let shared = Reactor()

    /// What another thread wants done here.
    private enum Work {
        case job(UnownedJob)
        case wake(any Wakeable)
    }

    private struct Inbox {
        var work: [Work] = []
        /// Whether the thread is about to sleep or sleeping: only then the eventfd must be written.
        var asleep = false
    }

    private let inbox = Guarded(Inbox())
    private let thread = Atomic<UInt>(0)
    private let epoll: Int32
    private let bell: Int32

    // Used on the reactor's thread only, from here on.
    private var watches: [Int32: Watch] = [:]
    private var generation: UInt32 = 0
    private var timers = Heap<Timer>()
    private var timerActions: [UInt64: () -> Void] = [:]
    private var nextTimer: UInt64 = 0
    private let delivered = Atomic<Int>(0)

    private struct Watch {
        let generation: UInt32
        var mask: UInt32
        let handler: (Readiness) -> Void
    }

    private struct Timer: Comparable {
        let deadline: Deadline
        let id: UInt64
        static func < (left: Timer, right: Timer) -> Bool {
            (left.deadline, left.id) < (right.deadline, right.id)
        }
    }

    private init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        bell = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        precondition(epoll >= 0 && bell >= 0, "epoll and eventfd are needed")
        var event = epoll_event(
            events: EPOLLIN.rawValue,
            data: epoll_data_t(u64: UInt64(UInt32(bitPattern: bell)))
        )
        precondition(epoll_ctl(epoll, EPOLL_CTL_ADD, bell, &event) == 0, "the eventfd can be watched")
        BlockingThread.start(name: "postgres") { [unowned self] in self.run() }
        // Until the thread has said who it is, nobody could prove to be on it.
        while thread.load(ordering: .acquiring) == 0 { sched_yield() }
    }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) {
        post(.job(UnownedJob(job)))
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    func isIsolatingCurrentContext() -> Bool? { isOnThread }

    func checkIsolated() { assertOnThread() }

    var isOnThread: Bool { UInt(pthread_self()) == thread.load(ordering: .relaxed) }

    func assertOnThread() {
        precondition(isOnThread, "this belongs to the reactor's thread")
    }

    /// Calls `woken()` on the reactor's thread soon.
    func wake(_ object: any Wakeable) {
        post(.wake(object))
    }

    private func post(_ work: Work) {
        let mustRing = inbox.withLock { inbox in
            inbox.work.append(work)
            defer { inbox.asleep = false }
            return inbox.asleep
        }
        if mustRing {
            var one: UInt64 = 1
            _ = write(bell, &one, 8)
        }
    }

    // MARK: Sockets

    /// Which directions of a socket are ready. Hang-ups and errors count as readable: libpq then says why.
    struct Readiness: OptionSet {
        let rawValue: UInt8
        static let read = Readiness(rawValue: 1)
        static let write = Readiness(rawValue: 2)
    }

    /// Names one registration of a socket, so that a reused number is not mistaken for it.
    struct WatchID: Equatable {
        let fd: Int32
        let generation: UInt32
    }

    /// Watches a socket until ``unwatch(_:)``, as long as it stays ready calling again and again.
    ///
    /// A number that is registered already is taken over: libpq may close a socket while connecting and open another
    /// with the same number.
    func watch(_ fd: Int32, for interest: Readiness, handler: @escaping (Readiness) -> Void) -> WatchID {
        assertOnThread()
        generation &+= 1
        let mask = Self.mask(interest)
        watches[fd] = Watch(generation: generation, mask: mask, handler: handler)
        control(fd, mask, generation)
        return WatchID(fd: fd, generation: generation)
    }

    /// Changes what a watched socket is watched for.
    func rewatch(_ id: WatchID, for interest: Readiness) {
        assertOnThread()
        guard var watch = watches[id.fd], watch.generation == id.generation else { return }
        watch.mask = Self.mask(interest)
        watches[id.fd] = watch
        control(id.fd, watch.mask, id.generation)
    }

    /// Ends a watch. To be called before the socket is closed.
    func unwatch(_ id: WatchID) {
        assertOnThread()
        guard let watch = watches[id.fd], watch.generation == id.generation else { return }
        watches[id.fd] = nil
        epoll_ctl(epoll, EPOLL_CTL_DEL, id.fd, nil)
    }

    /// How many times a socket was found ready, so far.
    var deliveries: Int { delivered.load(ordering: .relaxed) }

    private static func mask(_ interest: Readiness) -> UInt32 {
        (interest.contains(.read) ? EPOLLIN.rawValue | EPOLLRDHUP.rawValue : 0)
            | (interest.contains(.write) ? EPOLLOUT.rawValue : 0)
    }

    private func control(_ fd: Int32, _ mask: UInt32, _ generation: UInt32) {
        if mask == 0 {
            // Out of epoll: errors and hang-ups would be told for ever, also to who has asked for nothing.
            epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nil)
            return
        }
        let data = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: fd))
        var event = epoll_event(events: mask, data: epoll_data_t(u64: data))
        // A closed socket has left epoll by itself, whatever number the new one has.
        if epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) != 0 {
            epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)
        }
    }

    // MARK: Timers

    /// Names a timer.
    struct TimerID: Equatable {
        fileprivate let id: UInt64
    }

    /// Calls `action` once, on this thread, when the moment has come.
    func schedule(at deadline: Deadline, _ action: @escaping () -> Void) -> TimerID {
        assertOnThread()
        nextTimer += 1
        timerActions[nextTimer] = action
        timers.insert(Timer(deadline: deadline, id: nextTimer))
        return TimerID(id: nextTimer)
    }

    /// Forgets a timer; nothing happens when it has fired.
    func cancel(_ timer: TimerID) {
        assertOnThread()
        timerActions[timer.id] = nil
        // Entries of forgotten timers stay in the heap until due; too many of them are swept out.
        if timers.count > 64 + 4 * timerActions.count {
            timers = Heap(timers.unordered.filter { timerActions[$0.id] != nil })
        }
    }

    private func fireTimers() {
        guard let first = timers.min, first.deadline.hasPassed else { return }
        let now = Deadline.now
        while let timer = timers.min, timer.deadline <= now {
            timers.removeMin()
            timerActions.removeValue(forKey: timer.id)?()
        }
    }

    /// Milliseconds until the next timer, rounded up; −1 for none.
    private func pause() -> Int32 {
        while let timer = timers.min, timerActions[timer.id] == nil { timers.removeMin() }
        guard let timer = timers.min else { return -1 }
        let now = Deadline.now
        if timer.deadline <= now { return 0 }
        return Int32(clamping: (timer.deadline.nanoseconds - now.nanoseconds + 999_999) / 1_000_000)
    }

    // MARK: The loop

    private func run() {
        thread.store(UInt(pthread_self()), ordering: .releasing)
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        var work: [Work] = []
        while true {
            work.removeAll(keepingCapacity: true)
            inbox.withLock { swap(&$0.work, &work) }
            for item in work {
                switch item {
                case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
                case .wake(let object): object.woken()
                }
            }
            fireTimers()
            let pause = pause()
            let mayJustLook = inbox.withLock { inbox in
                inbox.asleep = inbox.work.isEmpty
                return !inbox.asleep
            }
            let count = epoll_wait(epoll, &events, Int32(events.count), mayJustLook ? 0 : pause)
            inbox.withLock { $0.asleep = false }
            if count > 0 { delivered.add(Int(count), ordering: .relaxed) }
            for index in 0..<max(0, Int(count)) { deliver(events[index]) }
        }
    }

    private func deliver(_ event: epoll_event) {
        let fd = Int32(truncatingIfNeeded: event.data.u64)
        if fd == bell {
            var value: UInt64 = 0
            _ = read(bell, &value, 8)
            return
        }
        guard let watch = watches[fd], UInt64(watch.generation) == event.data.u64 >> 32 else { return }
        var readiness: Readiness = []
        let readMask = EPOLLIN.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue | EPOLLRDHUP.rawValue
        if event.events & readMask != 0 { readiness.insert(.read) }
        if event.events & (EPOLLOUT.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
            readiness.insert(.write)
        }
        watch.handler(readiness)
    }
}

/// Something that other threads hand work to and then wake.
protocol Wakeable: AnyObject, Sendable {
    /// Called on the reactor's thread.
    func woken()
}
