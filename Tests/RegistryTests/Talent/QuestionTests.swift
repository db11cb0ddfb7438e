import Postgres
import Testing

@testable import Registry
@testable import Web

/// What an answer must keep, question by question.
struct QuestionTests {
    private func question(_ kind: Question.Kind, required: Bool = false) -> Question {
        Question(
            code: "x",
            kind: kind,
            label: Localized(sv: "Fråga", en: "Question"),
            help: nil,
            required: required,
            longest: kind == .shortText || kind == .longText ? 10 : nil,
            least: kind == .number ? -5 : nil,
            most: kind == .number ? 5 : nil,
            choices: kind == .choice
                ? [Question.Choice(code: "a", name: Localized(sv: "A", en: "A"))] : nil
        )
    }

    @Test(arguments: Question.Kind.allCases)
    func `an empty answer is no answer, and refused only where one is required`(_ kind: Question.Kind) throws
    {
        #expect(try question(kind).answer(typed: "  \n") == nil)
        #expect(throws: AnswerFault.required) { try question(kind, required: true).answer(typed: " ") }
    }

    @Test
    func `what is typed becomes what the form means`() throws {
        #expect(try question(.shortText).answer(typed: " hej ") == .string("hej"))
        #expect(try question(.number).answer(typed: "-3") == .integer(-3))
        #expect(try question(.number).answer(typed: "\u{2212}2,5") == .number(-2.5))
        #expect(try question(.link).answer(typed: "exempel.se/a") == .string("https://exempel.se/a"))
        #expect(try question(.choice).answer(typed: "a") == .string("a"))
    }

    @Test
    func `what does not fit is told`() {
        #expect(throws: AnswerFault.tooLong(10, 11)) { try question(.longText).answer(typed: "12345678901") }
        #expect(throws: AnswerFault.severalLines) { try question(.shortText).answer(typed: "a\nb") }
        #expect(throws: AnswerFault.notANumber) { try question(.number).answer(typed: "fem") }
        #expect(throws: AnswerFault.notANumber) { try question(.number).answer(typed: "1e3") }
        #expect(throws: AnswerFault.outOfBounds(-5, 5)) { try question(.number).answer(typed: "6") }
        #expect(throws: AnswerFault.unknownChoice) { try question(.choice).answer(typed: "b") }
        #expect(throws: AnswerFault.notALink) { try question(.link).answer(typed: "javascript://x y") }
    }

    @Test
    func `texts are measured in characters as the database counts them, whatever they are made of`() {
        var numbers = DemoRandom(seed: 3, topic: 1, index: 0)
        let alphabet = Array("abc åäö 😀 e\u{301} 漢字 <>&\"'".unicodeScalars)
        for _ in 0..<500 {
            let length = numbers.number(1...20)
            var scalars = String.UnicodeScalarView()
            for _ in 0..<length { scalars.append(alphabet[numbers.number(0...alphabet.count - 1)]) }
            let text = String(scalars)
            let fault = question(.longText).fault(in: .string(text))
            #expect(fault == (text.unicodeScalars.count > 10 ? .tooLong(10, text.unicodeScalars.count) : nil))
        }
    }

    @Test
    func `every fault says in both languages how to mend it`() {
        let faults: [AnswerFault] = [
            .required, .tooLong(1, 2), .severalLines, .notAText, .notANumber, .outOfBounds(1, 2),
            .outOfBounds(1, nil),
            .outOfBounds(nil, 2), .unknownChoice, .notALink, .notHere, .unknownQuestion,
        ]
        for fault in faults {
            #expect(fault.message.sv.hasSuffix(".") && fault.message.en.hasSuffix("."))
            #expect(fault.message.sv != fault.message.en)
        }
    }

    @Test
    func `instants are typed and read in Stockholm's time, summer and winter`() throws {
        for typed in ["2026-12-15T23:59", "2026-06-15T00:00", "2027-03-28T03:30", "2026-10-25T12:00"] {
            let instant = try #require(TalentWords.instant(typed: typed))
            #expect(TalentWords.typed(instant) == typed)
        }
        #expect(TalentWords.instant(typed: "2026-12-15T23:59")?.description == "2026-12-15T22:59:00Z")
        #expect(TalentWords.instant(typed: "2026-06-15T12:00")?.description == "2026-06-15T10:00:00Z")
        for wrong in ["", "2026-12-15", "2026-13-01T00:00", "2026-12-15T24:00", "i morgon"] {
            #expect(TalentWords.instant(typed: wrong) == nil)
        }
    }
}
