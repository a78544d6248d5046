"""The sheets of the consolidated workbook, a module each, with the charts and sentences that they share."""
