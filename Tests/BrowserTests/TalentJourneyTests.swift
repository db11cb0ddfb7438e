import Foundation
import TestSupport
import Testing

/// A manager opens a call with eight places; ten apply, one late; one withdraws, the list moves; one becomes crew.
@Suite(.serialized, .demonstrationService) struct TalentJourneyTests {
    private struct Words {
        let late: String
        let accepted: String
        let waiting: String
        let letters: String
        let listed: String
    }

    private func words(_ language: String) -> Words {
        language == "sv"
            ? Words(
                late: "Sen",
                accepted: "Du är antagen",
                waiting: "På väntelistan",
                letters: "Skicka 10 brev",
                listed: "granskning"
            )
            : Words(
                late: "Late",
                accepted: "You are accepted",
                waiting: "On the waiting list",
                letters: "Send 10 letters",
                listed: "review"
            )
    }

    /// A moment as a field for one takes it, by the clock of Stockholm.
    private func moment(_ minutes: Int) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "Europe/Stockholm")
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm"
        return formatter.string(from: Date(timeIntervalSinceNow: Double(minutes) * 60))
    }

    /// Applies with a new address, on a telephone; gives the address of the application.
    private func apply(_ phone: Browser, _ name: String, _ call: String, _ language: String) async throws
        -> String
    {
        let root = DemonstrationService.root
        let email = "\(name.lowercased())-\(language)@example.se"
        try await phone.forget()
        try await phone.open("\(root)/\(language)/calls/\(call)/apply")
        #expect(try await phone.fits(390))
        try await phone.fill(["name": name, "email": email])
        try await phone.go("main form .b.rape", to: "/sign-in/sent")
        try await phone.open(try await phone.link(to: email, with: "/\(language)/sign-in/", root, language))
        try await phone.go("main form button", to: "/apply")
        #expect(try await phone.fits(390))
        let question =
            try await phone.evaluate("document.querySelector('main input[id^=q-]').id").string ?? ""
        try await phone.fill([question: "Därför att ljuset är bäst här."])
        try await phone.go("main [name=submit]", to: "/applications/")
        return try await phone.url()
    }

    private func decide(_ manager: Browser, _ application: String, _ outcome: String) async throws {
        try await manager.open(application.replacing("/applications/", with: "/manage/applications/"))
        try await manager.choose("eligibility", "in_consideration")
        try await manager.choose("outcome", outcome)
        try await manager.press(at: "main form .b.rape")
    }

    @Test(arguments: ["sv", "en"])
    func `a call fills, one gives up a place, who waits moves in, a participant becomes crew`(
        language: String
    )
        async throws
    {
        let root = DemonstrationService.root
        let words = words(language)
        try await Browser.with(.init(language: language)) { manager in
            try await manager.signIn("talang@klappa.example", root, language)
            try await manager.open("\(root)/\(language)/manage")
            try await manager.go("main a[href$='/calls/new']", to: "/calls/new")
            try await manager.choose("state", "published")
            try await manager.fill([
                "titleSv": "Första ljuset \(language)", "titleEn": "First light \(language)",
                "guidelinesSv": "- En sida om varför", "guidelinesEn": "- One page on why",
                "opensAt": "2026-01-01T08:00", "closesAt": "2099-01-01T15:00", "places": "8",
            ])
            try await manager.go("main form .b.rape", to: "/questions")
            try await manager.fill([
                "kind": "short_text", "labelSv": "Varför?", "labelEn": "Why?", "longest": "200",
            ])
            try await manager.choose("required", "yes")
            try await manager.press(at: "section form .b.rape")
            let url = try await manager.url()
            let call = String(try #require(url.firstMatch(of: /calls\/([0-9a-f-]{36})/)).1)
            #expect(try await manager.says(language == "sv" ? "Varför?" : "Why?"))

            var applications: [String] = []
            try await Browser.with(.init(width: 390, height: 844, language: language)) { phone in
                for number in 1...9 {
                    applications.append(try await apply(phone, "Namn\(number)", call, language))
                }
                try await manager.open("\(root)/\(language)/manage/calls/\(call)/edit")
                try await manager.fill(["closesAt": moment(-1)])
                try await manager.press(at: "main form .b.rape")
                applications.append(try await apply(phone, "Namn10", call, language))
                #expect(try await phone.says(words.late))

                try await manager.open("\(root)/\(language)/manage/calls/\(call)")
                #expect(try await manager.says("Namn10", words.late))
                for application in applications[..<8] { try await decide(manager, application, "selected") }
                // The ninth does not fit, whoever decides.
                try await decide(manager, applications[8], "selected")
                #expect(try await manager.evaluate("document.activeElement.id").string == "errors")
                for application in applications[8...] { try await decide(manager, application, "waiting") }
                try await manager.open("\(root)/\(language)/manage/calls/\(call)/letters")
                #expect(try await manager.element("main form .b.rape").text().contains(words.letters))
                try await manager.press(at: "main form .b.rape")

                // The second one gives up the place again, having signed in anew.
                try await phone.forget()
                try await phone.signIn("namn2-\(language)@example.se", root, language)
                try await phone.open(applications[1])
                #expect(try await phone.says(words.accepted))
                try await phone.press(at: "form[action$='/withdraw'] .b")
                try await phone.forget()
                try await phone.signIn("namn9-\(language)@example.se", root, language)
                try await phone.waits(for: words.accepted, on: applications[8])
                try await phone.forget()
                try await phone.signIn("namn10-\(language)@example.se", root, language)
                try await phone.open(applications[9])
                #expect(try await phone.says(words.waiting))
                try await manager.open("\(root)/\(language)/manage/calls/\(call)")
                #expect(try await manager.says(language == "sv" ? "8 av 8" : "8 of 8"))

                // A participant becomes crew, with consent.
                try await phone.forget()
                try await phone.signIn("namn1-\(language)@example.se", root, language)
                try await phone.open(applications[0])
                try await phone.fill(["role": "gaffer", "region": "skane"])
                try await phone.choose("consent", "yes")
                try await phone.press(at: "form[action$='/listing'] .b.rape")
                #expect(try await phone.notice().contains(words.listed))
                #expect(try await phone.fits(390))
                #expect(try await phone.grievances() == [])
                #expect(try await manager.grievances() == [])
            }
        }
    }
}
