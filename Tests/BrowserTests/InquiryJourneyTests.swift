import Testing

/// A producer asks at night from a telephone; Kronoberg answers and hands over to Skåne; it lands. Another is lost.
@Suite(.serialized, .demonstrationService) struct InquiryJourneyTests {
    private struct Words {
        let role: String
        let barn: String
        let staffing: String
        let answered: String
        let accepted: String
    }

    private func words(_ language: String) -> Words {
        language == "sv"
            ? Words(
                role: "Ljussättare",
                barn: "Lada",
                staffing: "3–7 maj 2027",
                answered: "Svaret är skickat till",
                accepted: "Ni leder ärendet nu."
            )
            : Words(
                role: "Gaffer",
                barn: "Barn",
                staffing: "3–7 May 2027",
                answered: "The answer is sent to",
                accepted: "You lead the case now."
            )
    }

    /// Files an inquiry on a telephone; gives its number and the private address.
    private func file(_ browser: Browser, _ title: String, _ email: String, _ language: String) async throws
        -> (number: String, follow: String)
    {
        let root = DemonstrationService.root
        let words = words(language)
        try await browser.open("\(root)/\(language)/inquiries/new")
        #expect(try await browser.fits(390))
        let type = try await browser.evaluate(
            "[...document.querySelectorAll('#productionType option')].map(o => o.value).find(v => v)"
        ).string
        try await browser.fill([
            "title": title, "productionType": type ?? "", "company": "Brackvatten Film",
            "summary": "En damm, en lada och två nätter.", "shoot": words.staffing, "role-1": words.role,
            "count-1": "2", "place-1": words.barn, "contactName": "Ada Ek", "email": email,
            "region": "kronoberg",
        ])
        try await browser.go("form.asking .b.rape", to: "/inquiries/follow/")
        let follow = try await browser.url()
        #expect(try await browser.fits(390))
        #expect(try await browser.says("2 × \(words.role)", words.barn))
        let number = try await browser.element("main .num").text()
        #expect(number.wholeMatch(of: /SYD-\d{4}-\d{4,}/) != nil)
        return (number, follow)
    }

    @Test(arguments: ["sv", "en"])
    func `a case is filed on a telephone, answered, matched, handed to Skåne, and lands`(language: String)
        async throws
    {
        let root = DemonstrationService.root
        let words = words(language)
        let base = "\(root)/\(language)/inquiries"
        let email = "ada-\(language)@example.se"
        try await Browser.with(.init(width: 390, height: 844, language: language)) { phone in
            let (number, _) = try await file(phone, "Saltängen \(language)", email, language)
            // The receipt has a way back to the case.
            let receipt = try await phone.link(to: email, with: "/inquiries/follow/", root, language)
            try await phone.open(receipt)
            #expect(try await phone.says(number))

            try await Browser.with(.init(language: language)) { office in
                try await office.signIn("kronoberg@klappa.example", root, language)
                // The office was told, and finds the case in its inbox.
                let told = try await office.link(
                    to: "kronoberg@klappa.example",
                    with: "/inquiries/\(number)",
                    root,
                    language
                )
                #expect(told.hasSuffix("/inquiries/\(number)"))
                try await office.open("\(base)?q=\(number)")
                try await office.go(".inbox a", to: "/inquiries/\(number)")
                try await office.choose("kind", "answer")
                try await office.fill(["body": "Vi har en lada vid Åsnen. Hur många bilar?"])
                try await office.press(at: "form.entry .b.rape")
                #expect(try await office.notice().contains(words.answered))

                // Matching: the roles, their counts, the days and the region come along.
                try await office.go("aside a[href*='/crew/staffing']", to: "/crew/staffing")
                let address = try await office.url()
                for part in ["role=gaffer", "count=2", "2027-05-03/2027-05-07", "region=kronoberg"] {
                    #expect(address.contains(part), "\(address)")
                }
                #expect(try await office.says(words.role, words.staffing))
                try await office.open("\(base)/\(number)")
                try await office.go("aside a[href*='/locations']", to: "/locations?")
                let places = try await office.url()
                for part in ["type=barn", "2027-05-03/2027-05-07", "region=kronoberg"] {
                    #expect(places.contains(part), "\(places)")
                }

                // The producer hears of the answer by letter and writes back.
                let answer = try await phone.link(
                    to: email,
                    with: "/inquiries/follow/",
                    after: receipt,
                    root,
                    language
                )
                try await phone.open(answer)
                #expect(try await phone.says("Vi har en lada vid Åsnen."))
                try await phone.fill(["body": "Tolv bilar."])
                try await phone.press(at: "main form .b.rape")
                #expect(try await phone.says("Tolv bilar."))

                try await office.open("\(base)/\(number)")
                #expect(try await office.says("Tolv bilar."))
                try await office.element("details:has(#toRegion) summary").click()
                try await office.fill(["toRegion": "skane", "message": "De vill ha strand."])
                try await office.press(at: "details:has(#toRegion) form .b")
                #expect(try await office.says("De vill ha strand."))

                try await office.forget()
                try await office.signIn("skane@klappa.example", root, language)
                try await office.open("\(base)?offered=true")
                try await office.go(".inbox a", to: "/inquiries/SYD-")
                #expect(try await office.url().hasSuffix(number))
                try await office.press(at: "[name=answer][value=accepted]")
                #expect(try await office.notice() == words.accepted)
                let handed = try await phone.link(
                    to: email,
                    with: "/inquiries/follow/",
                    after: answer,
                    root,
                    language
                )
                try await phone.open(handed)
                #expect(try await phone.says(number, "Skåne"))

                for status in ["negotiating", "confirmed"] {
                    try await office.open("\(base)/\(number)")
                    try await office.fill(["status": status])
                    try await office.press(at: "form[action$='/work'] .b")
                }
                let confirmed = language == "sv" ? "Bekräftad" : "Confirmed"
                #expect(try await office.element(".track [aria-current]").text().contains(confirmed))
                try await phone.open(handed)
                #expect(try await phone.says(confirmed))
                // It counts as landed, with the case behind the number.
                try await office.open("\(base)/figures")
                try await office.open("\(base)?state=all&outcome=landed&q=\(number)")
                #expect(try await office.says(number))
                #expect(try await office.grievances() == [])
                #expect(try await phone.grievances() == [])
            }
        }
    }

    @Test(arguments: ["sv", "en"])
    func `another case is lost with reason and place, and the figures lead to it`(language: String)
        async throws
    {
        let root = DemonstrationService.root
        let base = "\(root)/\(language)/inquiries"
        try await Browser.with(.init(width: 390, height: 844, language: language)) { browser in
            let email = "bo-\(language)@example.se"
            let (number, follow) = try await file(browser, "Frosten \(language)", email, language)
            try await browser.signIn("kronoberg@klappa.example", root, language)
            try await browser.open("\(base)/\(number)")
            #expect(try await browser.fits(390))
            try await browser.element("details:has(#lostReason) summary").click()
            // Without its reason the case stays open, and the form says what is missing.
            try await browser.fill(["outcome": "lost"])
            try await browser.press(at: "details:has(#lostReason) form .b")
            #expect(try await browser.evaluate("document.activeElement.id").string == "errors")
            let reason = try await browser.evaluate(
                "[...document.querySelectorAll('#lostReason option')].map(o => o.value).find(v => v)"
            ).string
            try await browser.fill(["outcome": "lost", "lostReason": reason ?? ""])
            try await browser.choose("winner", "place")
            try await browser.fill(["winningPlace": "Estland"])
            try await browser.press(at: "details:has(#lostReason) form .b")
            #expect(try await browser.says("Estland"))
            try await browser.open("\(base)/figures?region=kronoberg")
            #expect(try await browser.fits(390))
            try await browser.go("a[href*='lostReason=\(reason ?? "")']", to: "/inquiries?")
            try await browser.waits(for: number, on: try await browser.url() + "&q=\(number)")
            // The producer sees the outcome, not what the office wrote about it.
            try await browser.open(follow)
            #expect(try await !browser.says("Estland"))
            #expect(try await browser.grievances() == [])
        }
    }
}
