"""What turns notebooks into results, pages, slides, PDF and EPUB; README.md draws it."""
