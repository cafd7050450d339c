from comity.record.tests.strict_cases import TABLE, written

TABLE.write_text(written())
