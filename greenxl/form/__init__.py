"""The official form: its layout, shared by writer and reader, and the blank workbook."""
