/// Common Swedish given and family names of many generations and origins. Their combinations are nobody in
/// particular.
enum DemoNames {
    static let given = """
        Agnes Ahmed Alexander Alice Alma Amanda Amir Anders Andreas Anna Annika Anton Arvid Astrid August Axel Beatrice \
        Bengt Bilal Birgitta Björn Bo Camilla Carina Carl Caroline Cecilia Charlotte Christer Christian Christina Clara \
        Dalia Dan Daniel David Ebba Edvin Elias Elin Elisabeth Ella Ellen Elsa Emelie Emil Emma Erik Erika Eva Fadi Fanny \
        Fatima Felicia Filip Fredrik Frida Gabriel Gunilla Gustav Göran Hanna Hans Harald Hedda Helena Henrik Hugo Håkan \
        Ida Inger Ingrid Irene Isabelle Isak Ivan Jakob Jan Jenny Jens Jessica Joakim Joel Johan Johanna John Jonas Josef \
        Josefin Julia Kajsa Karin Karl Katarina Kerstin Kim Kjell Klara Kristoffer Lars Leila Lena Leo Liam Lina Linda \
        Linnea Linus Lisa Love Lovisa Ludvig Lukas Magnus Maja Malin Marcus Margareta Maria Marie Martin Mats Matilda \
        Mattias Melvin Mikael Mina Mira Mohammed Moa Monica Nadia Nils Noah Nora Oliver Olivia Olof Oscar Otto Patrik Per \
        Pernilla Peter Petra Pia Pontus Rasmus Rebecka Richard Robert Robin Sabina Saga Samir Samuel Sandra Sanna Sara \
        Sebastian Selma Signe Simon Sofia Stefan Stella Sten Stina Susanne Sven Tage Therese Thomas Tilda Tobias Tom Tora \
        Tova Tuva Ulf Ulrika Vera Viktor Viktoria Vilgot Vilma Wilma Yasmin Ylva Zara Åke Åsa Örjan
        """.split(separator: " ").map(String.init)

    static let family = """
        Abrahamsson Adolfsson Ahlberg Ahlström Ali Alm Almqvist Andersson Andreasson Arvidsson Axelsson Backman Berg \
        Bergman Bergqvist Bergström Björk Björklund Blom Blomqvist Bohlin Borg Boström Brandt Carlsson Claesson Dahl \
        Dahlberg Dahlgren Danielsson Davidsson Ek Eklund Ekman Ekström Elm Eliasson Engström Eriksson Falk Fors Forsberg \
        Forslund Franzén Fransson Fredriksson Friberg Gabrielsson Granberg Grahn Gunnarsson Gustafsson Göransson Haddad \
        Hagström Hallberg Hammar Hansen Hansson Hassan Hedberg Hedlund Hedström Hellström Henriksson Hermansson Holm \
        Holmberg Holmgren Holmqvist Håkansson Högberg Isaksson Ivarsson Jakobsson Jansson Jensen Johansson Jonasson \
        Jonsson Jönsson Karlsson Khalil Kjellberg Kovač Kristensen Kvist Larsson Lilja Lind Lindberg Lindblad Lindgren \
        Lindholm Lindqvist Lindström Ljung Ljungberg Lund Lundberg Lundgren Lundin Lundqvist Lundström Löfgren Magnusson \
        Malm Malmberg Malmqvist Martinsson Mattsson Melin Mohamed Månsson Mårtensson Nguyen Nielsen Nilsson Norberg \
        Nordin Nordström Norén Nowak Nyberg Nyström Olofsson Olsson Palm Palmgren Paulsson Persson Petersson Pettersson \
        Pålsson Rask Roos Rosén Rydberg Sandberg Sandström Samuelsson Sjöberg Sjögren Sjöström Skog Skoglund Strand \
        Strandberg Ström Strömberg Sundberg Sundström Svensson Söderberg Söderström Tran Thorsson Vester Viklund Wallin \
        Wahlström Wiklund Yilmaz Åberg Åkerlund Åkesson Åström Öberg Öhman Östberg Östlund
        """.split(separator: " ").map(String.init)
}
