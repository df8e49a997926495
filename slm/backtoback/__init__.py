"""Can the agreements with teams and suppliers underneath carry what a customer was promised?"""
